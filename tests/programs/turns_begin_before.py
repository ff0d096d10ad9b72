import asyncio

import hermod


async def main():
    weather = await hermod.call("weather", city="Riga")
    left = 3
    while left > 0:
        tickets = await hermod.call("list_tickets", queue=f"q{left}")
        if any(ticket["id"] == left for ticket in tickets):
            print("found")
            return
        left -= 1
        print(len(tickets), weather)
    print("none")


asyncio.run(main())
