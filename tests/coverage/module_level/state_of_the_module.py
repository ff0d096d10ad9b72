# keeps: A3|A5 history
import asyncio

import hermod

history = ["start"]


async def step(text):
    history.append(await hermod.call("summarize", text=f"{text} {history[-1]}"))


async def main():
    await step("first")
    await step("second")  # <- here
    print(history)


if __name__ == "__main__":
    asyncio.run(main())
