# ideal: t[0] + t[1]
# Whether the name was changed hangs on what was converted, though it was not.
import asyncio

import hermod


async def main():
    score = await hermod.call("embed", text="a")
    language = "de"
    try:
        float(score)
    except ValueError:
        language = "fr"
    print(await hermod.call("translate", text="b", language=language))


asyncio.run(main())
