import asyncio
import hermod


async def main(texts=("a", "b"), *, loud=False):
    out = []
    for t in texts:
        c = await hermod.call("classify", text=t)
        out.append(c.upper() if loud else c)
    return out


result = asyncio.run(main(loud=True))
print(result)
print(asyncio.run(main(["z"])))
