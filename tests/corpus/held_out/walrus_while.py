# Keep asking for the next related product until the trail goes cold or six are found.
# shape: walrus-trail; tags: effects
import asyncio
import hermod


async def main():
    trail, query = [], "tent"
    while len(trail) < 6 and (found := await hermod.call("search_products", query=query)):
        best = min(found, key=lambda p: p["price"])
        reviews = await hermod.call("product_reviews", sku=best["sku"])
        mood = await hermod.call("rate", text="".join(r["text"] for r in reviews), aspect="happiness")
        print(f"{query} -> {best['name']} ({mood})")
        trail.append(best["sku"])
        if best["price"] > 60:
            break
        query = f"{best['name']} {len(trail)}"
    print(trail)


asyncio.run(main())
