import asyncio

import hermod


async def main():
    goal = "why is it late"
    found = []
    hints = await hermod.call("embed", text=goal)
    for step in range(3):
        if step == 2:
            print("enough")
            continue
        thought = await hermod.call("summarize", text=f"{goal} {found} {step}")
        kind = await hermod.call("classify", text=thought)
        try:
            if kind == "done":
                print("done")
                break
            hits = await hermod.call("search", query=thought)
        except hermod.CallError as error:
            hits = [str(error)]
        found.append(len(hits))
        print(step, kind, found)
    print(found, len(hints))


asyncio.run(main())
