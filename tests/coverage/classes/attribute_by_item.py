# What is found goes into a dictionary of the object, item by item.
# must: max(t)
import asyncio

import hermod


class Watch:
    def __init__(self, cities):
        self.cities = cities
        self.reports = {}
        self.failures = 0

    async def load(self):
        for city in self.cities:
            report = await hermod.call("weather", city=city)
            if not report:
                self.failures += 1
            self.reports[city] = report


async def main():
    watch = Watch(["Rome", "Oslo", "Nara"])
    await watch.load()
    print(len(watch.reports), watch.failures)


asyncio.run(main())
