# Count tokens (words) used over all calls in a global and stop when the budget is gone.
# shape: global-budget; tags: helpers
import asyncio
import hermod

used = 0
BUDGET = 12


def spend(text):
    global used
    used += len(text.split())
    return used <= BUDGET


async def shorten(text):
    return await hermod.call("summarize", text=text) if spend(text) else None


async def main():
    for text in ["one two three", "four five", "six seven eight nine", "ten eleven", "twelve thirteen fourteen"]:
        short = await shorten(text)
        if short is None:
            print("budget used up at", repr(text))
            break
        rating = await hermod.call("rate", text=short + text, aspect="quality")
        print(f"{text!r} -> {short!r} {rating}")
    print("used", used)


asyncio.run(main())
