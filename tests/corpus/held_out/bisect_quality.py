# Find by bisection the lowest compression level (0..15) at which the rating is still above 40.
# shape: bisection; tags:
import asyncio
import hermod


async def good(level):
    description = await hermod.call("summarize", text=f"picture at level {level}")
    return await hermod.call("rate", text=f"{description} {level}", aspect="quality") > 40


async def main():
    reference = await hermod.call("rate", text="original", aspect="quality")
    noise = await hermod.call("rate", text="original", aspect="noise")
    low, high = 0, 15
    while low < high:
        middle = (low + high) // 2
        if await good(middle):
            high = middle
        else:
            low = middle + 1
        print(low, high)
    print(f"level {low}; reference {reference}, noise {noise}")


asyncio.run(main())
