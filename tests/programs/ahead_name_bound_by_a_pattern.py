import asyncio

import hermod


async def main():
    word = await hermod.call("classify", text="none")
    for line in ["de", "fr"]:
        match [line + line, word]:
            case [line, *_]:
                print(line)
            case _:
                print("none")
        await hermod.call("count_up", name=word, by=1)
        answer = await hermod.call("classify", text=line + line)
        print(answer)
        if (size := len(line)) > 3:
            print("long")
        print(await hermod.call("summarize", text=f"{line} {size}"))


asyncio.run(main())
