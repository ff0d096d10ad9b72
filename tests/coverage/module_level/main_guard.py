# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["letter", "invoice", "poster"]:
        print(await hermod.call("classify", text=text))


if __name__ == "__main__":
    asyncio.run(main())
