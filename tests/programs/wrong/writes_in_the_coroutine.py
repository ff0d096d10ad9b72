# serial: write_tickets
import asyncio

import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="open")
    closed = 0

    async def close(ticket):
        category = await hermod.call("classify", text=ticket["text"])
        return ticket, category, await hermod.call("close_ticket", id=ticket["id"], reason=category)

    async with hermod.ahead() as early:
        async for ticket, category, done in early.each(close, tickets):
            if done:
                closed += 1
            print("closed", ticket["id"], category)
    print(closed)


asyncio.run(main())
