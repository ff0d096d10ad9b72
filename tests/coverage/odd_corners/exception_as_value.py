import asyncio

import hermod


async def main():
    errors = []
    for t in ["a", "b"]:
        try:
            await hermod.call("classify", text=t)
        except Exception as e:
            errors.append(e)
    print([str(e) for e in errors])


asyncio.run(main())
