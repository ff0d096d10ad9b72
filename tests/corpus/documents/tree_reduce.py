"""Condense these twelve meeting notes to one paragraph; merge them two by two so that nothing is lost."""
# shape: pairwise-reduction; tags:
import asyncio
import hermod

NOTES = [f"Minutes of week {week}" for week in range(1, 13)]


async def main():
    level = list(NOTES)
    rounds = 0
    while len(level) > 1:
        merged = []
        for i in range(0, len(level), 2):
            pair = level[i : i + 2]
            if len(pair) == 1:
                merged.append(pair[0])
            else:
                merged.append(await hermod.call("summarize", text=pair[0] + " / " + pair[1]))
        level = [f"{rounds}:{i}:{text}" for i, text in enumerate(merged)]
        rounds += 1
        print(f"round {rounds}: {len(level)} texts")
    print(level[0])


asyncio.run(main())
