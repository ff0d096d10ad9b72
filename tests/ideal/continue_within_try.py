# ideal: max(t)
# As in return_within_try, but the body goes on to the next iteration.
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        try:
            category = await hermod.call("classify", text=text)
            if len(category) > 1000:
                raise ValueError(category)
            continue
        except ValueError as error:
            print(error)


asyncio.run(main())
