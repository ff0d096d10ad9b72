# User: Run my agent: decide, act, observe, until it is done or six steps are used.
# shape: react-loop; tags: effects, failures
import asyncio
import hermod

TOOLS = {"billing": "memory_get", "technical": "web_search", "sales": "fetch_page"}


async def main():
    goal = "Tell the customer why the bill changed"
    observations = []
    hints = await hermod.call("extract_facts", text=goal)
    for step in range(6):
        thought = await hermod.call("ask_model", prompt=f"{goal}\n{observations}\nstep {step}")
        action = await hermod.call("route_intent", text=thought)
        try:
            if action == "billing":
                observation = await hermod.call("memory_get", key=thought)
            elif action == "technical":
                observation = len(await hermod.call("web_search", query=thought))
            elif action == "sales":
                observation = (await hermod.call("fetch_page", url=thought))["text"]
            else:
                print(f"step {step}: finished")
                break
        except hermod.CallError as error:
            observation = f"error: {error}"
        observations.append(observation)
        print(f"step {step}: {thought} -> {TOOLS[action]} -> {observation}")
    print(len(observations), "observations,", len(hints), "hints")


asyncio.run(main())
