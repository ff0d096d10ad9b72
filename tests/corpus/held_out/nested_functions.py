# Everything nested in main: caption photos, group by first letter, summarise groups.
# shape: nested-defs; tags: helpers
import asyncio
import hermod
from PIL import Image

async def main():
    groups = {}

    def add(letter, text):
        groups.setdefault(letter, []).append(text)

    async def look(name):
        text = await hermod.call("caption", image=Image.open(name))
        add(text[0], text)
        return text

    for number in range(5):
        print(number, await look(f"img_{number}.jpg"))

    async def describe(letter):
        return await hermod.call("summarize", text=", ".join(groups[letter]) + f" ({letter})")

    for letter in sorted(groups):
        print(letter, len(groups[letter]), await describe(letter))

asyncio.run(main())
