# User: Make a phrasebook in Italian and Greek for my ten most needed phrases.
# shape: assumed-pure-table; tags:
import asyncio
import hermod

PHRASES = [
    "Good morning", "Thank you", "Where is the station?", "How much is it?", "The bill, please",
    "I am lost", "Help!", "Two coffees", "Do you speak English?", "Goodbye",
]  # fmt: skip


async def main():
    book = {}
    for phrase in PHRASES:
        italian = await hermod.call("translate_phrase", text=phrase, language="it")
        greek = await hermod.call("translate_phrase", text=phrase, language="el")
        book[phrase] = (italian, greek)
    for phrase, (italian, greek) in book.items():
        print(f"{phrase:<25}{italian:<12}{greek}")


asyncio.run(main())
