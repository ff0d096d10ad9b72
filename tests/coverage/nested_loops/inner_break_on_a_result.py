# Each inner loop hangs on its results; the outer turns do not hang on one another.
# takes: max(t[0] + t[1], t[2] + t[3])
# keeps: E3 break
import asyncio

import hermod


async def main():
    for city in ["Bonn", "Turin"]:
        for month in ["may", "june", "july"]:  # <- here
            answer = await hermod.call("classify", text=f"{city} in {month}")
            print(city, month, answer)
            if answer < "e":
                break


asyncio.run(main())
