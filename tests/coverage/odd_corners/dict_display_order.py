import asyncio

import hermod


def say(x):
    print("say", x)
    return x


async def main():
    d = {
        say("k1"): await hermod.call("classify", text="a"),
        say("k2"): await hermod.call("classify", text="b"),
    }
    print(d)


asyncio.run(main())
