# ideal: t[0] + t[1]
# A closure looks at the variable around it.
import asyncio

import hermod


async def main():
    prefix = await hermod.call("summarize", text="a")

    async def ask(text):
        return await hermod.call("classify", text=f"{prefix} {text}")

    print(await ask("b"))


asyncio.run(main())
