# CI check: all product texts pass moderation and have a rating above 5, else exit with the number of problems.
# shape: ci-exit; tags: effects, failures
import asyncio
import sys

import hermod


async def check():
    bad = 0
    for product in await hermod.call("search_products", query="all"):
        reviews = await hermod.call("product_reviews", sku=product["sku"])
        verdict = await hermod.call("moderate", text=product["name"])
        rating = await hermod.call("rate", text=product["name"], aspect="quality")
        if verdict["flagged"] or rating < 5:
            bad += 1
            print(f"FAIL {product['sku']}: {verdict['category']}, {rating}", file=sys.stderr)
        else:
            print(f"ok   {product['sku']} ({len(reviews)} reviews)")
    return bad


try:
    problems = asyncio.run(check())
except hermod.CallError as e:
    print("cannot check:", e, file=sys.stderr)
    raise SystemExit(99)
if problems:
    sys.exit(problems)
