import asyncio
import contextlib, io

import hermod


async def main():
    buf = io.StringIO()
    with contextlib.redirect_stdout(buf):
        for t in "ab":
            print(await hermod.call("classify", text=t))
    print(len(buf.getvalue()), await hermod.call("embed", text=buf.getvalue()))


asyncio.run(main())
