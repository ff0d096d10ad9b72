# User: Search flights to Quito; the service is flaky, so try three times with a pause, then give up politely.
# shape: retry-with-sleep; tags: effects, failures, helpers
import asyncio
import hermod


async def with_retries(make_call, attempts=3, pause=1.0):
    for attempt in range(1, attempts + 1):
        try:
            return await make_call()
        except hermod.CallError as error:
            print(f"try {attempt}: {error}")
            if attempt == attempts:
                raise
            await asyncio.sleep(pause * attempt)


async def main():
    try:
        flights = await with_retries(
            lambda: hermod.call("search_flights", origin="Paris", destination="Quito", date="2026-02-02")
        )
        hotels = await with_retries(lambda: hermod.call("search_hotels", city="Quito", nights=5))
    except hermod.CallError:
        print("Sorry, please try again later.")
        return
    sights = await hermod.call("find_attractions", city="Quito")
    print(len(flights), "flights,", len(hotels), "hotels,", len(sights), "sights")


asyncio.run(main())
