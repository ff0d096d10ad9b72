# User: Make an inventory of the shelf photo: for each product its name, price tag and whether it is in stock.
# shape: dataclass-records; tags: helpers
import asyncio
from dataclasses import dataclass, field

import hermod
from PIL import Image


@dataclass
class Product:
    name: str
    price: str
    in_stock: bool
    notes: list[str] = field(default_factory=list)

    def line(self) -> str:
        stock = "in stock" if self.in_stock else "sold out"
        extra = f" [{'; '.join(self.notes)}]" if self.notes else ""
        return f"{self.name:<10} {self.price:>8} {stock}{extra}"


async def look_at(crop) -> Product:
    name = await hermod.call("ask_image", image=crop, question="Which product is this?")
    price = await hermod.call("read_text", image=crop)
    empty = await hermod.call("check_property", image=crop, object_name="shelf", property="empty")
    product = Product(name["answer"], price, not empty)
    if name["confidence"] < 50:
        product.notes.append("name uncertain")
    return product


async def main() -> None:
    shelf = Image.open("shelf.jpg")
    products: list[Product] = []
    for box in await hermod.call("detect_objects", image=shelf, label="product"):
        crop = shelf.crop((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
        products.append(await look_at(crop))
    for product in products:
        print(product.line())
    available = sum(product.in_stock for product in products)
    print(f"{available} of {len(products)} available")


asyncio.run(main())
