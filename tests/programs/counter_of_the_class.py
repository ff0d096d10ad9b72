import asyncio

import hermod


class Job:
    count = 0

    def __init__(self, text):
        Job.count += 1
        self.text = text


async def main():
    for text in ["a", "b", "c"]:
        job = Job(text)
        category = await hermod.call("classify", text=f"{job.text}{Job.count}")
        print(category, Job.count)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
