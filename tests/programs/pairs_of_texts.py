import asyncio
from itertools import combinations

import hermod

TEXTS = ["a", "b", "c"]


async def main():
    wins = {text: 0 for text in TEXTS}
    for one, other in combinations(TEXTS, 2):
        category = await hermod.call("classify", text=f"{one} or {other}")
        if category > "m":
            wins[one] += 1
        else:
            wins[other] += 1
        print(category)
    print(wins)


asyncio.run(main())
