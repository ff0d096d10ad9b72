# serial: args_may_fail
import asyncio

import hermod


async def main():
    options = {"a": "x"}
    first_call = hermod.call("classify", text="a")
    second_call = hermod.call("classify", text=options["b"])
    first = await first_call
    print(first)
    second = await second_call
    print(second)


asyncio.run(main())
