# Write an HTML page of product cards, built piece by piece.
# shape: html-builder; tags: effects, failures
import asyncio
import html

import hermod


async def main():
    page = "<ul>\n"
    count = 0
    for product in await hermod.call("search_products", query="garden"):
        try:
            info = await hermod.call("product_info", sku=product["sku"])
            blurb = await hermod.call("summarize", text=f"{product['name']} {info['category']}")
        except hermod.CallError:
            page += f"  <li>{html.escape(product['name'])}</li>\n"
            continue
        page += f"  <li class={info['category']!r}><b>{html.escape(product['name'])}</b> {blurb}"
        page += f" <i>{info['stock']}</i></li>\n" if info["stock"] else " sold out</li>\n"
        count += 1
    page += f"</ul><!-- {count} -->"
    print(page)


asyncio.run(main())
