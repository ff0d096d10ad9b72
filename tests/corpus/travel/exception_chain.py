# User: Plan the transfer from the airport: train if possible, else car, else tell me to walk.
# shape: cascade-of-fallbacks; tags: failures, helpers
import asyncio
import hermod


class NoTransfer(RuntimeError):
    """No way was found."""


async def transfer(origin: str, destination: str) -> tuple[str, int]:
    for mode in ("train", "car"):
        try:
            way = await hermod.call("route", origin=origin, destination=destination, mode=mode)
        except hermod.CallError:
            continue
        if way["minutes"] > 0:
            return mode, way["minutes"]
    raise NoTransfer(f"{origin} - {destination}")


async def main():
    legs = [("Airport", "Station"), ("Station", "Hotel"), ("Hotel", "Harbour")]
    total = 0
    for origin, destination in legs:
        try:
            mode, minutes = await transfer(origin, destination)
        except NoTransfer as error:
            print("walk:", error)
            continue
        total += minutes
        print(f"{mode}: {origin} - {destination}, {minutes} min")
    print("total", total)


asyncio.run(main())
