import asyncio

import hermod


class Page:
    def __init__(self, number):
        if number > 1:
            raise ValueError(number)
        self.number = number


async def main():
    for number in range(3):
        page = Page(number)
        category = await hermod.call("classify", text=f"page {page.number}")
        print(category)


try:
    asyncio.run(main())
except ValueError as error:
    print("failed", error)
