# User: Break "organise a street festival" into steps and sub-steps, two levels deep, with an owner for each leaf.
# shape: plan-recursion; tags: helpers
import asyncio
import hermod


async def expand(goal, depth=0):
    indent = "  " * depth
    if depth == 2:
        team = await hermod.call("route_intent", text=goal)
        print(f"{indent}- {goal} [{team}]")
        return 1
    print(f"{indent}* {goal}")
    leaves = 0
    for number, step in enumerate(await hermod.call("plan_steps", goal=goal)):
        leaves += await expand(f"{goal[:12]}.{number} {step['input']}", depth + 1)
    return leaves


async def main():
    print(await expand("organise a street festival"), "leaves")


asyncio.run(main())
