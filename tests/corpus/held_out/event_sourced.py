# Handle these shop events in order with one handler each.
# shape: handler-table; tags: effects, helpers
import asyncio
import hermod

EVENTS = [("sold", "A1", 2), ("returned", "B2", 1), ("question", "A1", "Is it waterproof?"), ("sold", "B2", 1)]


async def on_sold(sku, count):
    left = await hermod.call("update_stock", sku=sku, delta=-count)
    return f"{sku}: {left} left"


async def on_returned(sku, count):
    left = await hermod.call("update_stock", sku=sku, delta=count)
    return f"{sku}: {left} again"


async def on_question(sku, text):
    reviews = await hermod.call("product_reviews", sku=sku)
    relevance = [await hermod.call("rate", text=review["text"], aspect=text) for review in reviews]
    best = relevance.index(max(relevance))
    return f"{sku}: {text} {reviews[best]['text']}"


HANDLERS = {"sold": on_sold, "returned": on_returned, "question": on_question}


async def main():
    for kind, sku, payload in EVENTS:
        print(await HANDLERS[kind](sku, payload))
    info = await hermod.call("product_info", sku="A1")
    print(info["name"], info["stock"])


asyncio.run(main())
