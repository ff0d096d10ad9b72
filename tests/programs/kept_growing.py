import asyncio

import hermod


async def main():
    queue = ["a"]
    for text in queue:
        category = await hermod.call("classify", text=text)
        print(category)
        if len(queue) < 4:
            queue.append(category)


asyncio.run(main())
