# Wrap the tools with logging and a call counter, then find toxic comments.
# shape: decorator-tools; tags: helpers
import asyncio
import functools

import hermod

calls = {}


def counted(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        calls[function.__name__] = calls.get(function.__name__, 0) + 1
        return await function(*args, **kwargs)

    return wrapper


@counted
async def is_toxic(text):
    return (await hermod.call("moderate", text=text))["flagged"]


@counted
async def how_rude(text):
    return await hermod.call("rate", text=text, aspect="rudeness")


async def main():
    comments = ["you fool", "nice work", "buy now", "who asked", "thanks a lot"]
    for comment in comments:
        if await is_toxic(comment):
            print(f"{comment}: toxic ({await how_rude(comment):.0f})")
        else:
            print(f"{comment}: fine")
    print(calls)


asyncio.run(main())
