import asyncio

from hermod import call


async def main():
    for text in ["a", "b"]:
        category = await call("classify", text=text)
        print(category)


asyncio.run(main())
