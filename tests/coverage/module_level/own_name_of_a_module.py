# `hermod` is another thing here for a while.
# keeps: O1 hermod
import asyncio

import hermod


class Quiet:
    def call(self, name, **arguments):
        print("calling", name)
        return real.call(name, **arguments)


real, hermod = hermod, Quiet()  # <- here


async def main():
    print(await hermod.call("classify", text="letter"))
    print(await hermod.call("classify", text="invoice"))


asyncio.run(main())
