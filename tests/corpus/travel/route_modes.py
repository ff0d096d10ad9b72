# User: What's the fastest and what's the shortest way from home to the office, and how are the ways described in Dutch?
# shape: compare-modes; tags: helpers
import asyncio
import hermod


async def ways(origin, destination, modes=("walk", "train", "car")):
    found = {}
    for mode in modes:
        found[mode] = await hermod.call("route", origin=origin, destination=destination, mode=mode)
    return found


def best(found, key):
    return min(found.items(), key=lambda item: item[1][key])


async def main():
    found = await ways("Home", "Office")
    fastest, quick = best(found, "minutes")
    shortest, short = best(found, "km")
    print(f"fastest: {fastest} ({quick['minutes']} min)")
    for step in quick["steps"]:
        print("  ", await hermod.call("translate_phrase", text=step, language="nl"))
    print(f"shortest: {shortest} ({short['km']} km)")
    for step in short["steps"]:
        print("  ", await hermod.call("translate_phrase", text=step, language="nl"))


asyncio.run(main())
