# The lines that are logged say where they come from.
# keeps: A7 line
import asyncio
import logging

import hermod


logging.basicConfig(format="%(lineno)d %(message)s", level=logging.INFO, force=True)  # <- here


async def main():
    for text in ["letter", "invoice"]:  # <- here
        category = await hermod.call("classify", text=text)
        logging.info("%s", category)


asyncio.run(main())
