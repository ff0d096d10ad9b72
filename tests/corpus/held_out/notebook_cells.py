# Notebook: explore the reviews of our top products (cells joined into a script).
# shape: notebook-cells; tags: effects
# %%
import asyncio
import hermod

results = {}

# %%
async def cell_1():
    global products
    products = await hermod.call("search_products", query="drill")
    print(len(products), "products")

asyncio.run(cell_1())

# %%
async def cell_2():
    for p in products:
        r = await hermod.call("product_reviews", sku=p["sku"])
        results[p["sku"]] = r
        print(p["name"], "->", len(r))

asyncio.run(cell_2())

# %%
async def cell_3():
    for sku, reviews in results.items():
        stars = [x["stars"] for x in reviews if x["verified"]]
        if not stars:
            continue
        text = await hermod.call("summarize", text=" ".join(x["text"] for x in reviews))
        print(sku, sum(stars) / len(stars), text)

asyncio.run(cell_3())
