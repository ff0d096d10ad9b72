# Compare three laptops for me. Very flat.
# shape: flat-copy-paste; tags: effects
import asyncio
import hermod

async def main():
    a = await hermod.call("product_info", sku="LAP-A")
    a_reviews = await hermod.call("product_reviews", sku="LAP-A")
    a_ship = await hermod.call("shipping_quote", sku="LAP-A", country="FR")
    a_summary = await hermod.call("summarize", text=". ".join(r["text"] for r in a_reviews))
    print("A:", a["name"], a["price"] + a_ship["cost"], a_summary)

    b = await hermod.call("product_info", sku="LAP-B")
    b_reviews = await hermod.call("product_reviews", sku="LAP-B")
    b_ship = await hermod.call("shipping_quote", sku="LAP-B", country="FR")
    b_summary = await hermod.call("summarize", text=". ".join(r["text"] for r in b_reviews))
    print("B:", b["name"], b["price"] + b_ship["cost"], b_summary)

    c = await hermod.call("product_info", sku="LAP-C")
    c_reviews = await hermod.call("product_reviews", sku="LAP-C")
    c_ship = await hermod.call("shipping_quote", sku="LAP-C", country="FR")
    c_summary = await hermod.call("summarize", text=". ".join(r["text"] for r in c_reviews))
    print("C:", c["name"], c["price"] + c_ship["cost"], c_summary)

    cheapest = min([("A", a["price"] + a_ship["cost"]), ("B", b["price"] + b_ship["cost"]), ("C", c["price"] + c_ship["cost"])], key=lambda t: t[1])
    print("cheapest:", cheapest[0])

asyncio.run(main())
