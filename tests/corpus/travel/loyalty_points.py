# User: Sum my points: for each past trip get its distance by train, double for trips over 60 km.
# shape: reduce-with-rule; tags:
import asyncio
from functools import reduce

import hermod

TRIPS = [("Bonn", "Trier"), ("Kiel", "Jena"), ("Ulm", "Hof"), ("Bern", "Chur"), ("Linz", "Graz")]


async def main():
    distances = []
    for origin, destination in TRIPS:
        way = await hermod.call("route", origin=origin, destination=destination, mode="train")
        distances.append(way["km"])
        print(f"{origin:>5} - {destination:<6}{way['km']:>8.1f} km")
    points = reduce(lambda sum_, km: sum_ + (2 * km if km > 60 else km), distances, 0.0)
    reward = "free night" if points > 400 else "voucher"
    phrase = await hermod.call("translate_phrase", text=f"You won a {reward}", language="de")
    print(round(points), "points:", phrase)


asyncio.run(main())
