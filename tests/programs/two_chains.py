import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    category = await hermod.call("classify", text=summary)
    weather = await hermod.call("weather", city="Bern")
    print("weather", weather)
    mood = await hermod.call("classify", text=weather.strip())
    # needs both chains
    answer = await hermod.call("translate", text=f"{category} {mood}", language="de")
    print(answer)


asyncio.run(main())
