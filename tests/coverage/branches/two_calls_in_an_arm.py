# must: max(t[0], t[1], t[2])
import asyncio

import hermod


async def main():
    urgent = len("help, please") > 5
    name = await hermod.call("classify", text="sender")
    if urgent:
        summary = await hermod.call("summarize", text="help, please")
        score = await hermod.call("embed", text="help, please")
        print("urgent", summary, score)
    else:
        print("later")
    print(name)


asyncio.run(main())
