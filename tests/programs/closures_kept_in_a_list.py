import asyncio

import hermod


async def main():
    jobs = []
    for text in ["a", "b"]:
        category = await hermod.call("classify", text=text)

        async def job():
            return await hermod.call("summarize", text=category)

        jobs.append(job)
    category = "last"
    for job in jobs:
        print(await job())
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
