# Find a replacement for a product that is out of stock, with conditional expressions.
# shape: conditional-expressions; tags: effects
import asyncio
import hermod

WANTED = ["mug", "lamp", "rug", "clock"]


async def main():
    for name in WANTED:
        info = await hermod.call("product_info", sku=name)
        others = await hermod.call("search_products", query=f"like {name}") if info["stock"] < 25 else []
        chosen = others[0]["sku"] if others else info["sku"]
        quote = await hermod.call("shipping_quote", sku=chosen, country="AT")
        stars = [r["stars"] for r in await hermod.call("product_reviews", sku=chosen)]
        print(name, "->", chosen, quote["cost"], (sum(stars) / len(stars)) if stars else "unrated")


asyncio.run(main())
