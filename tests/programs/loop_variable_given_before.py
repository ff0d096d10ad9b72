# A name that an earlier piece gives a value nobody reads again, and a loop may bind anew.
import asyncio

import hermod


async def inquire(text):
    return await hermod.call("summarize", text=text)


async def answers(texts):
    for text in texts:
        yield await hermod.call("classify", text=text)


async def main():
    task = asyncio.create_task(inquire("birch"))
    text = await hermod.call("summarize", text="cedar")
    line = await task
    note = await hermod.call("classify", text=await hermod.call("translate", text=line, language="de"))
    reports = []
    for line in ["willow", "quartz"]:
        report = await hermod.call("weather", city=line)
        reports.append(report)
    async for word in answers(reports):
        print(word, text, note)


asyncio.run(main())
