import asyncio
import contextvars

import hermod


cv = contextvars.ContextVar("cv", default="0")


async def ask(t):
    r = await hermod.call("classify", text=t + cv.get())
    cv.set(r)
    return r


async def main():
    print(await ask("a"), await ask("b"), cv.get())


asyncio.run(main())
