# Of several calls in the arguments of one, none waits for another.
import asyncio

import hermod


async def main():
    for text in ["birch", "cedar"]:
        price = await hermod.call("price", item=text)
        answer = await hermod.call(
            "translate",
            text=await hermod.call("summarize", text=text),
            language=await hermod.call("classify", text=text.upper()),
        )
        print(price, answer)
    print(await hermod.call("summarize", text=await hermod.call("classify", text="a") + await hermod.call("classify", text="b")))


asyncio.run(main())
