import asyncio

import hermod


async def main():
    xs = ["a", "b", "c"]
    out = []
    for i in range(len(xs)):
        prev = out[i - 1] if i else ""
        out.append(await hermod.call("classify", text=xs[i] + prev))
    print(out)


asyncio.run(main())
