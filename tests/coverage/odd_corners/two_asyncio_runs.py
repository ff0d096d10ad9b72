import asyncio
import hermod

seen = []


async def one():
    seen.append(await hermod.call("classify", text="a"))
    seen.append(await hermod.call("classify", text="b"))


async def two():
    for s in seen:
        print(await hermod.call("summarize", text=s))


asyncio.run(one())
asyncio.run(two())
print(seen)
