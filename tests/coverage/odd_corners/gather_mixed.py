import asyncio

import hermod


async def main():
    first = await asyncio.gather(*[hermod.call("classify", text=t) for t in "abc"])
    print(first)
    for t in first:
        print(await hermod.call("summarize", text=t))
    a, b = await asyncio.gather(
        hermod.call("embed", text="a"), hermod.call("embed", text="b"), return_exceptions=True
    )
    print(isinstance(a, float), isinstance(b, float))


asyncio.run(main())
