# Score each show on four aspects with a table of lambdas.
# shape: lambda-table; tags: effects
import asyncio
import hermod

ASPECTS = {
    "length": lambda e, t: e["length"],
    "voices": lambda e, t: t["speakers"],
    "words": lambda e, t: len(t["text"]),
}

async def main():
    table = {}
    for show in ("A", "B", "C"):
        eps = await hermod.call("list_episodes", show=show)
        rows = []
        for e in eps[:2]:
            t = await hermod.call("transcribe", audio=e["audio"] + show)
            rows.append([f(e, t) for f in ASPECTS.values()])
        table[show] = [sum(col) / len(col) for col in zip(*rows)]
    print("show", *ASPECTS)
    for show, row in table.items():
        print(show, *(f"{v:.1f}" for v in row))

asyncio.run(main())
