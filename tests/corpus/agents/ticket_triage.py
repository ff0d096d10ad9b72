# User: Triage the support queue: route each ticket, draft a reply, and update the ticket status.
# shape: triage-writes; tags: effects
import asyncio
import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="support")
    for ticket in tickets:
        intent = await hermod.call("route_intent", text=ticket["text"])
        reply = await hermod.call("ask_model", prompt=f"Reply as {intent} team to: {ticket['text']}")
        if ticket["priority"] == "urgent":
            await hermod.call("send_message", to=ticket["customer"], text=reply)
            await hermod.call("update_ticket", id=ticket["id"], status="answered")
            print(f"#{ticket['id']} answered: {reply}")
        else:
            await hermod.call("update_ticket", id=ticket["id"], status=f"waiting for {intent}")
            print(f"#{ticket['id']} waits for {intent}")
    print(len(tickets), "tickets")


asyncio.run(main())
