import asyncio

import hermod


async def main():
    a = {"x": ["p"]}
    b = a["x"]
    c = [b]
    for t in "mn":
        c[0].append(t)
        print(await hermod.call("classify", text="".join(a["x"])))


asyncio.run(main())
