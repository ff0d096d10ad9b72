import asyncio

import hermod

ENTRANTS = ["ACME", "GLOBEX", "INITECH", "HOOLI"]


async def play(first: str, second: str) -> str:
    one = await hermod.call("summarize", text=first)
    two = await hermod.call("summarize", text=second)
    winner = first if one >= two else second
    print(f"  {first} - {second}: {winner}")
    return winner


async def main():
    field = ENTRANTS
    number = 1
    while len(field) > 1:
        print("round", number)
        winners = []
        for first, second in zip(field[::2], field[1::2]):
            winners.append(await play(first, second))
        field = winners
        number += 1
    print("champion:", field[0])


asyncio.run(main())
