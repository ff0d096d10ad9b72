# Each coroutine looks at what the others have appended when its turn comes; who is first, is
# first to go on.
# takes: max(min(t[0], t[1]) + t[2], max(t[0], t[1]) + t[3])
# keeps: O4 already
import asyncio

import hermod


async def note(log, text):
    log.append(await hermod.call("summarize", text=text))
    print(len(log), await hermod.call("classify", text=text))


async def main():
    log = []
    await asyncio.gather(note(log, "a"), note(log, "b"))  # <- here
    print(sorted(log))


asyncio.run(main())
