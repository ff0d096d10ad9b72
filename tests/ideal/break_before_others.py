# ideal: max(t[0:3]) + max(t[3:5])
# Which group gets a text hangs on the breaks, also for the groups that the loop did not reach.
import asyncio

import hermod


async def main():
    scores = {}
    for text in ["a", "b", "c"]:
        scores[text] = await hermod.call("embed", text=text)
    groups = [["first"], ["second"]]
    for text in scores:
        for group in groups:
            if scores[text] >= 0 or len(group) > 9:
                group.append(text)
                break
    for group in groups:
        print(await hermod.call("classify", text=", ".join(group)))


asyncio.run(main())
