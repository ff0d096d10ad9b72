import asyncio

import hermod


async def ask(text, *, language="de", seen=None):
    if seen is not None:
        seen.append(text)
    return await hermod.call("translate", text=text, language=language)


async def main():
    seen = []
    one = await ask("a", language="fr")
    two = await ask("b", seen=seen)
    three = await ask("c", seen=seen)
    print(one, two, three, seen)
    for text in ["d", "e"]:
        answer = await ask(text)
        print(answer)


asyncio.run(main())
