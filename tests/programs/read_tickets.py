import asyncio

import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="open")
    for ticket in tickets:
        category = await hermod.call("classify", text=ticket["text"])
        print(ticket["id"], category)


asyncio.run(main())
