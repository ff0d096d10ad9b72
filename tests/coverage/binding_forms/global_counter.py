# The counter is no argument of a call.
# must: max(t)
import asyncio

import hermod


asked = 0


async def ask(question):
    global asked
    asked += 1
    return await hermod.call("classify", text=question)


async def main():
    for question in ["why", "when", "where"]:
        print(question, await ask(question))
    print(asked)


asyncio.run(main())
