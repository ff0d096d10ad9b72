# must: max(t)
import asyncio
import logging

import hermod


logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO, force=True)
log = logging.getLogger("letters")


async def main():
    for text in ["letter", "invoice"]:
        log.info("looking at %s", text)
        category = await hermod.call("classify", text=text)
        log.info("%s is %s", text, category)
    logging.warning("done")


asyncio.run(main())
