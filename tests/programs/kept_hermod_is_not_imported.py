# `hermod.CallError` is a NameError here, and must stay one: no `import hermod` is added.
import asyncio

from hermod import call


async def main():
    for text in ["amber", "birch"]:
        try:
            print(await call("summarize", text=text))
        except hermod.CallError:
            print("no luck")


asyncio.run(main())
