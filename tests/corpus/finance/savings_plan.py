# Request: how long until I can afford the boat if I invest in the safest of these funds? Explain the result simply.
# shape: pure-then-simulation; tags:
import asyncio
import hermod

FUNDS = ["BONDS", "WORLD", "GREEN"]
PRICE = 5000


async def main():
    safest = None
    for fund in FUNDS:
        risk = await hermod.call("risk_model", symbol=fund, horizon=365)
        facts = await hermod.call("get_fundamentals", symbol=fund)
        print(fund, risk["rating"], facts["sector"])
        if safest is None or risk["value"] < safest[1]["value"]:
            safest = (fund, risk, facts)
    fund, risk, facts = safest
    months, saved = 0, 0.0
    while saved < PRICE and months < 600:
        saved = saved * (1 + min(facts.get("dividend", 0), 10) / 1200) + 100
        months += 1
    text = await hermod.call("summarize", text=f"{fund} reaches {PRICE} in {months} months at {risk['rating']} risk")
    print(months, "months with", fund)
    print(text)


asyncio.run(main())
