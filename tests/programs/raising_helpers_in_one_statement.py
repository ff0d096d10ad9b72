# What the first helper raises decides about the second, but nothing decides about the first.
import asyncio

import hermod


async def checked(word):
    label = await hermod.call("classify", text=word)
    if label > "h":
        raise ValueError(f"{word} is {label}")
    return label


async def main():
    for word in ["amber", "fjord"]:
        try:
            print(f"{word}: {await checked(word)}")
        except ValueError as error:
            print(error)
    print(await hermod.call("summarize", text="maple"))
    print(await checked("cedar"), await checked("dune"))
    return await hermod.call("summarize", text="a")


print(asyncio.run(main()))
