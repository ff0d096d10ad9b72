import asyncio

import hermod


async def main():
    fs = []
    for text in ["a", "b"]:
        category = await hermod.call("classify", text=text)
        fs.append(lambda: category)
    print([f() for f in fs])


asyncio.run(main())
