# The call of the handler hangs on the failure; the next turn hangs on neither.
# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        try:
            answer = await hermod.call("summarize", text=text)
        except hermod.CallError:
            answer = await hermod.call("classify", text=text)
        print(text, answer)


asyncio.run(main())
