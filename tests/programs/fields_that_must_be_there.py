import asyncio

import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="open")
    for number, ticket in enumerate(tickets):
        category = await hermod.call("classify", text=ticket["text"])
        summary = await hermod.call("summarize", text=f"{number + 1}: {ticket['text']}")
        print(ticket["customer"], category, summary)


asyncio.run(main())
