import asyncio
import io, sys

import hermod


async def main():
    old, sys.stdout = sys.stdout, io.StringIO()
    print(await hermod.call("classify", text="a"))
    got, sys.stdout = sys.stdout.getvalue(), old
    print(await hermod.call("classify", text=got))


asyncio.run(main())
