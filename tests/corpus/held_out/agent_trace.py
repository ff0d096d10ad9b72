# Agent trace replayed as code: help the user choose a gift for a ten-year-old under 60.
# shape: agent-trace; tags: effects
import asyncio
import hermod


async def run():
    print("Thought: I should look for toys and books.")
    print("Action: search_products('toy')")
    toys = await hermod.call("search_products", query="toy")
    print("Observation:", [toy["name"] for toy in toys])
    print("Action: search_products('book')")
    books = await hermod.call("search_products", query="book")
    print("Observation:", [book["name"] for book in books])
    print("Thought: I keep what costs less than 60 and look at the details.")
    shortlist = []
    for candidate in toys + books:
        if candidate["price"] >= 60:
            continue
        print(f"Action: product_info({candidate['sku']!r})")
        info = await hermod.call("product_info", sku=candidate["sku"])
        print(f"Observation: {info['stock']} in stock, category {info['category']}")
        print(f"Action: product_reviews({candidate['sku']!r})")
        reviews = await hermod.call("product_reviews", sku=candidate["sku"])
        stars = sum(review["stars"] for review in reviews)
        print(f"Observation: {stars} stars in {len(reviews)} reviews")
        if info["stock"] > 0:
            shortlist.append((stars, candidate["name"], candidate["sku"]))
    if not shortlist:
        print("Final Answer: I found nothing suitable.")
        return
    stars, name, sku = max(shortlist)
    print("Thought: I need the shipping time.")
    quote = await hermod.call("shipping_quote", sku=sku, country="DE")
    print(f"Final Answer: {name}, in {quote['days']} days for {quote['cost']}.")


asyncio.run(run())
