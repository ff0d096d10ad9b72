import asyncio

import hermod


async def main():
    left = ["a", "b"]
    right = ["x", "y"]
    for one, other in zip(left, right):
        answer = await hermod.call("classify", text=one + other)
        print(answer)
    for number in range(3):
        answer = await hermod.call("classify", text=f"number {number}")
        print(answer)


asyncio.run(main())
