import asyncio

from hermod import call


async def main():
    a = await call("classify", text="a")
    b = await call("classify", text="b")
    print(a, b)


asyncio.run(main())
