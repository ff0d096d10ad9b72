# User: Close tickets the model thinks are solved, ping assignees on the rest, and keep a note of the count.
# shape: branch-two-writes; tags: effects
import asyncio
import hermod


async def main():
    closed = pinged = 0
    for ticket in await hermod.call("list_tickets", queue="stale"):
        opinion = await hermod.call("judge", question="Is it solved?", answer=ticket["text"])
        if opinion["verdict"] == "good":
            await hermod.call("update_ticket", id=ticket["id"], status="closed")
            closed += 1
        else:
            who = ticket.get("assignee", "nobody")
            text = await hermod.call("ask_model", prompt=f"Remind {who} of {ticket['text']}")
            await hermod.call("send_message", to=who, text=text)
            pinged += 1
        print(f"#{ticket['id']}: {opinion['verdict']}")
    await hermod.call("memory_put", key="stale", value=f"{closed} closed, {pinged} pinged")
    print(closed, pinged)


asyncio.run(main())
