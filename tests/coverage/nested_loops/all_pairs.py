# must: max(t)
import asyncio

import hermod


async def main():
    for city in ["Bonn", "Turin"]:
        for question in ["how warm", "how wet", "how windy"]:
            answer = await hermod.call("classify", text=f"{question} is {city}?")
            print(city, question, answer)


asyncio.run(main())
