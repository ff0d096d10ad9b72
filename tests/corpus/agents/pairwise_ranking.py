# User: Rank these five product names by comparing all pairs with the judge.
# shape: round-robin; tags:
import asyncio
from itertools import combinations

import hermod

NAMES = ["Nimbo", "Cloudly", "Skypad", "Airo", "Breez"]


async def main():
    wins = {name: 0 for name in NAMES}
    for one, other in combinations(NAMES, 2):
        verdict = await hermod.call("judge", question=f"Is {one} a better name than {other}?", answer=one)
        if verdict["score"] >= 62:
            wins[one] += 1
        else:
            wins[other] += 1
    table = sorted(wins.items(), key=lambda item: (-item[1], item[0]))
    for name, count in table:
        print(f"{name:<8}{'*' * count}")
    tagline = await hermod.call("ask_model", prompt=f"Tagline for {table[0][0]}")
    print(tagline)


asyncio.run(main())
