import asyncio

import hermod


async def main():
    for t in ["a", "b", "c"]:
        score = await hermod.call("embed", text=t)
        label = await hermod.call("classify", text=t)
        if score > 80:
            winner = label
            break
    else:
        winner = "nobody"
    print(winner, t, score, label)


asyncio.run(main())
