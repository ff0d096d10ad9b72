import asyncio

import hermod


def say(x):
    print("say", x)
    return x


async def main():
    a = await hermod.call("translate", text=say("t"), language=say("l"))
    b = await hermod.call(
        "translate", text=say("u"), language=await hermod.call("classify", text=say("v"))
    )
    print(a, b)


asyncio.run(main())
