# must: max(t)
import asyncio

import hermod


async def main():
    done = 0
    try:
        for text in ["a", "b", "c"]:
            print(await hermod.call("classify", text=text))
            done += 1
    except hermod.CallError as error:
        print("stopped after", done, "by", error)
    print("end")


asyncio.run(main())
