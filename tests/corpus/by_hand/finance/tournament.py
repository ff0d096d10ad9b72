# Everybody's strength at once: later rounds ask for what is known (E5).
import asyncio

import hermod

ENTRANTS = ["ACME", "GLOBEX", "INITECH", "HOOLI", "WAYNE", "STARK", "BOLTS", "GEARS"]


async def strength(symbol):
    facts, risk = await asyncio.gather(
        hermod.call("get_fundamentals", symbol=symbol),
        hermod.call("risk_model", symbol=symbol, horizon=90),
    )
    return facts["revenue"] - facts["debt"] - risk["value"] / 10


async def main():
    strengths = dict(zip(ENTRANTS, await asyncio.gather(*map(strength, ENTRANTS))))
    field, number = ENTRANTS, 1
    while len(field) > 1:
        print("round", number)
        winners = []
        for first, second in zip(field[::2], field[1::2]):
            winners.append(first if strengths[first] >= strengths[second] else second)
            print(f"  {first} - {second}: {winners[-1]}")
        field = winners
        number += 1
    print("champion:", field[0])


asyncio.run(main())
