# User: Check the trains for my tour and always end with a line that says how far you got.
# shape: try-finally; tags: failures
import asyncio
import hermod

TOUR = ["Basel", "Bern", "Sion", "Brig", "Chur"]


async def main():
    done = 0
    minutes = 0
    try:
        for origin, destination in zip(TOUR, TOUR[1:]):
            ride = await hermod.call("route", origin=origin, destination=destination, mode="train")
            minutes += ride["minutes"]
            done += 1
            print(f"{origin} to {destination}: {ride['minutes']} min via {len(ride['steps'])} stops")
    except hermod.CallError as error:
        print("stopped:", error)
    finally:
        print(f"{done} of {len(TOUR) - 1} legs, {minutes} min")


asyncio.run(main())
