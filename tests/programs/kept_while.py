import asyncio

import hermod


async def main():
    count = 0
    while count < 3:
        category = await hermod.call("classify", text=f"try {count}")
        print(category)
        count += 1


asyncio.run(main())
