# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        if (score := await hermod.call("embed", text=text)) > 50:
            print(text, "has", score)
        else:
            print(text, "has too little:", score)


asyncio.run(main())
