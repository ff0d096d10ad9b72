import asyncio

import hermod




async def main():
    if True: a = await hermod.call("classify", text="a"); b = await hermod.call("classify", text="b")
    print(a, b); c = await hermod.call("classify", text="c")
    print(c)


asyncio.run(main())
