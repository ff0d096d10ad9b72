import asyncio

import hermod


def numbers():
    for number in range(3):
        print("making", number)
        yield number


async def main():
    for number in numbers():
        category = await hermod.call("classify", text=f"{number}")
        print(category)


asyncio.run(main())
