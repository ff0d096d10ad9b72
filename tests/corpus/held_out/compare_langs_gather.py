# Summaries in three languages at once per text, texts one after the other.
# shape: gather-per-item; tags: parallel
import asyncio
import hermod

TEXTS = ["the harvest", "the storm", "the fair"]


async def main():
    for text in TEXTS:
        short = await hermod.call("summarize", text=text)
        es, hi = await asyncio.gather(
            hermod.call("translate", text=short, language="es"),
            hermod.call("translate", text=short, language="hi"),
        )
        print(f"{text}: {short} / {es} / {hi}")


asyncio.run(main())
