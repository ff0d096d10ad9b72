# User: Translate the itinerary to Spanish for my mother and mail it to her, one mail per day.
# shape: write-per-item; tags: effects
import asyncio
import hermod

DAYS = {
    "Monday": ["Arrive in Seville", "Walk along the river"],
    "Tuesday": ["Visit the cathedral", "Tapas in Triana", "Flamenco"],
    "Wednesday": ["Fly home"],
}


async def main():
    for day, entries in DAYS.items():
        lines = []
        for entry in entries:
            spanish = await hermod.call("translate_phrase", text=entry, language="es")
            lines.append(f"- {spanish}")
        ok = await hermod.call("send_email", to="mama@example.org", subject=day, body="\n".join(lines))
        print(day, "sent" if ok else "not delivered")


asyncio.run(main())
