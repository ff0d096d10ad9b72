# Request: is there a profitable currency triangle among USD, EUR and JPY? Try all orders.
# shape: permutation-chains; tags:
import asyncio
from itertools import permutations

import hermod


async def main():
    best = 0.0
    best_path = ()
    for path in permutations(("USD", "EUR", "JPY")):
        amount = 100.0
        for base, target in zip(path, path[1:] + path[:1]):
            amount = await hermod.call("convert", amount=amount, base=base, target=target)
        print(" > ".join(path), f"{amount:.2f}")
        if amount > best:
            best, best_path = amount, path
    print("best:", "-".join(best_path), f"{best - 100:+.2f}")


asyncio.run(main())
