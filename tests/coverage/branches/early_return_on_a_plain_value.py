# must: t[0] + max(t[1:])
import asyncio

import hermod


async def answer(question):
    words = await hermod.call("keywords", text=question)
    if not question:
        return "nothing asked"
    first = await hermod.call("classify", text=words[0])
    score = await hermod.call("embed", text=words[-1])
    return f"{first} {score}"


async def main():
    print(await answer("what is it?"))


asyncio.run(main())
