import asyncio

import hermod


async def main():
    note = await hermod.call("summarize", text="letter")
    print(note)
    tickets = await hermod.call("list_tickets", queue="open")
    for ticket in tickets:
        category = await hermod.call("classify", text=ticket["text"])
        print(ticket["id"], category)


asyncio.run(main())
