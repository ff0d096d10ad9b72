import asyncio

import hermod


class Reader:
    async def read(self, pages):
        for page in pages:
            kind = await hermod.call("classify", text=page)
            if kind == "end":
                return page
            print(await hermod.call("summarize", text=page))
        return "no end"


async def main():
    print(await Reader().read(["a", "b", "c"]))


asyncio.run(main())
