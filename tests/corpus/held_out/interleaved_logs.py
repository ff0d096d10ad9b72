# Import products with progress on stderr, results on stdout, an event per hundred... keep the order.
# shape: interleaved-streams; tags: effects
import asyncio
import sys

import hermod


def progress(done, total):
    sys.stderr.write(f"\r{done}/{total}")
    sys.stderr.flush()


async def main():
    products = await hermod.call("search_products", query="import")
    for index, product in enumerate(products):
        progress(index, len(products))
        english = await hermod.call("translate", text=product["name"], language="en")
        quote = await hermod.call("shipping_quote", sku=product["sku"], country="GB")
        print(product["sku"], english, quote["days"])
        if index % 2 == 0:
            await hermod.call("log_event", kind="import", text=english)
    progress(len(products), len(products))
    sys.stderr.write("\n")


asyncio.run(main())
