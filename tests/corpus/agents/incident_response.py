# User: There is an incident. Collect the state, notify on-call, open the runbook, and post updates after each step.
# shape: ordered-writes-with-reads; tags: effects, failures
import asyncio
import sys

import hermod


async def notify(text):
    print(text)
    await hermod.call("send_message", to="on-call", text=text)


async def main():
    runbook = await hermod.call("fetch_page", url="https://wiki/runbook")
    tickets = await hermod.call("list_tickets", queue="incident")
    steps = await hermod.call("plan_steps", goal=runbook["text"])
    await notify(f"{len(tickets)} tickets, {len(steps)} steps")
    for step in steps:
        result = await hermod.call("run_code", code=step["input"])
        if not result["ok"]:
            await notify(f"{step['input']} failed with {result['exit_code']}")
            advice = await hermod.call("ask_model", prompt=f"{step['input']} failed: {result['stdout']}")
            await notify(advice)
        else:
            await notify(f"{step['input']} ok")
    for ticket in tickets:
        await hermod.call("update_ticket", id=ticket["id"], status="mitigated")


try:
    asyncio.run(main())
except hermod.CallError as error:
    print("incident bot failed:", error, file=sys.stderr)
    sys.exit(3)
