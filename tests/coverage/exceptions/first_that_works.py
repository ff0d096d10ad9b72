# The next model is tried only if the one before fails.
# takes: t[0]
# keeps: E3 break
import asyncio

import hermod


async def main():
    answer = None
    for question in ["in short", "in detail", "in any way"]:  # <- here
        try:
            answer = await hermod.call("summarize", text=question)
            break
        except hermod.CallError as error:
            print(question, error)
    print(answer)


asyncio.run(main())
