import asyncio

import hermod


async def main():
    best = await hermod.call("classify", text="a")
    name = await hermod.call("classify", text=best)
    for note in [(await hermod.call("classify", text="b"))]:
        print(await hermod.call("search", query=best))
        for number in [(await hermod.call("price", item=note))]:
            word = await hermod.call("translate", text=(await hermod.call("classify", text=name)), language="de")
            city = await hermod.call("weather", city="thorn")
            print(number, word, city, name)
        print(name, end=" ")
        total = await hermod.call("price", item=str(3))
    print(total)


asyncio.run(main())
