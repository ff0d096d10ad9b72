# serial: write_tickets
import asyncio

import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="open")
    closed = 0
    for ticket in reversed(tickets):
        category = await hermod.call("classify", text=ticket["text"])
        done = await hermod.call("close_ticket", id=ticket["id"], reason=category)
        if done:
            closed += 1
        print("closed", ticket["id"], category)
    print(closed)


asyncio.run(main())
