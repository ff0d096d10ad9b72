# User: For my three planned weekends, send the group a go or no-go mail depending on the weather at both places.
# shape: decision-mails; tags: effects
import asyncio
import hermod

WEEKENDS = ["2026-01-10", "2026-01-17", "2026-01-24"]


async def main():
    go = []
    for date in WEEKENDS:
        valley = await hermod.call("get_weather", city="Innsbruck", date=date)
        peak = await hermod.call("get_weather", city="Nordkette", date=date)
        if valley["condition"] != "rain" and peak["condition"] in ("snow", "sunny"):
            verdict = "go"
            go.append(date)
        else:
            verdict = "no go"
        await hermod.call("send_email", to="ski@example.org", subject=f"{date}: {verdict}", body=peak["condition"])
    print("going on", ", ".join(go) if go else "no weekend")


asyncio.run(main())
