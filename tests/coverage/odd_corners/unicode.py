import asyncio

import hermod


async def main():
    größe = await hermod.call("classify", text="größe")
    名 = await hermod.call("classify", text="名前 🎉")
    for ü in ["ä", "🎉"]:
        print(ü, await hermod.call("summarize", text=ü))
    print(größe, 名)


asyncio.run(main())
