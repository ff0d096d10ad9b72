# Restock everything below ten pieces, tell purchasing, and keep an event log.
# shape: restock-writes; tags: effects, failures
import asyncio
import hermod


async def main():
    low, failed = [], []
    for product in await hermod.call("search_products", query="screws"):
        info = await hermod.call("product_info", sku=product["sku"])
        if info["stock"] < 30:
            low.append(info)
    for info in low:
        try:
            stock = await hermod.call("update_stock", sku=info["sku"], delta=100)
        except hermod.CallError as e:
            failed.append(info["sku"])
            await hermod.call("log_event", kind="error", text=str(e))
        else:
            await hermod.call("log_event", kind="restock", text=f"{info['sku']}: {stock}")
            print(f"{info['name']}: {info['stock']} -> {stock}")
    if low:
        await hermod.call("notify", user="purchasing", text=f"{len(low) - len(failed)} restocked")
    print("failed:", failed)


asyncio.run(main())
