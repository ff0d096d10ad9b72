# User: Give me an overview of all four queues: number, urgent ones, and a one-line summary each.
# shape: overview-per-queue; tags: effects
import asyncio
import hermod

QUEUES = ["support", "sales", "legal", "it"]


async def main():
    total = urgent_total = 0
    for queue in QUEUES:
        tickets = await hermod.call("list_tickets", queue=queue)
        urgent = [ticket for ticket in tickets if ticket["priority"] == "urgent"]
        joined = " / ".join(ticket["text"] for ticket in tickets)
        line = await hermod.call("ask_model", prompt=f"One line: {joined}")
        total += len(tickets)
        urgent_total += len(urgent)
        print(f"{queue:<8} {len(tickets):>2} tickets, {len(urgent)} urgent: {line}")
    print(f"{total} in all, {urgent_total} urgent")


asyncio.run(main())
