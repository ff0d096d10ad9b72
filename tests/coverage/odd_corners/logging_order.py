import asyncio
import logging

import hermod


async def main():
    logging.basicConfig(format="%(message)s", level=logging.INFO, force=True)
    for t in "ab":
        logging.info("ask %s", t)
        c = await hermod.call("classify", text=t)
        logging.info("got %s", c)
        print(c)


asyncio.run(main())
