# User: Find out why our newsletter open rate dropped and write a summary. Make a plan and carry it out.
# shape: plan-dispatch; tags: effects, failures
import asyncio

import hermod

GOAL = "Find out why the newsletter open rate dropped"


async def main():
    steps = await hermod.call("plan_steps", goal=GOAL)
    findings = []
    for number, step in enumerate(steps, start=1):
        try:
            if step["tool"] == "search":
                hits = await hermod.call("web_search", query=step["input"])
                findings.append(f"{step['input']}: {hits[0]['snippet']}" if hits else f"{step['input']}: nothing")
            elif step["tool"] == "compute":
                result = await hermod.call("run_code", code=f"compute({step['input']!r})")
                findings.append(result["stdout"] if result["ok"] else "computation failed")
            else:
                findings.append(await hermod.call("ask_model", prompt=f"Write about {step['input']}"))
        except hermod.CallError as error:
            findings.append(f"step {number} failed: {error}")
        print(f"step {number} ({step['tool']}): {findings[-1]}")
    answer = await hermod.call("ask_model", prompt="Summarise:\n" + "\n".join(findings))
    print(answer)


asyncio.run(main())
