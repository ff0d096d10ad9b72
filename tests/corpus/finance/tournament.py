# Request: find the best share by a knock-out tournament: the one with the better figures moves on.
# shape: knockout-tournament; tags: helpers
import asyncio

import hermod

ENTRANTS = ["ACME", "GLOBEX", "INITECH", "HOOLI", "WAYNE", "STARK", "BOLTS", "GEARS"]


async def strength(symbol: str) -> float:
    facts = await hermod.call("get_fundamentals", symbol=symbol)
    risk = await hermod.call("risk_model", symbol=symbol, horizon=90)
    return facts["revenue"] - facts["debt"] - risk["value"] / 10


async def play(first: str, second: str) -> str:
    one, two = await strength(first), await strength(second)
    winner = first if one >= two else second
    print(f"  {first} - {second}: {winner}")
    return winner


async def main():
    field, number = ENTRANTS, 1
    while len(field) > 1:
        print("round", number)
        winners = []
        for first, second in zip(field[::2], field[1::2]):
            winners.append(await play(first, second))
        field = winners
        number += 1
    print("champion:", field[0])


asyncio.run(main())
