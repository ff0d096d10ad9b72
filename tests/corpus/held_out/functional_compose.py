# For each topic find the most cited paper and give its gist in Spanish. Functional style.
# shape: compose-functions; tags: effects, helpers
import asyncio
from operator import itemgetter

import hermod

TOPICS = ("batteries", "perovskites", "catalysts", "membranes")


def compose(*steps):
    async def composed(value):
        for step in steps:
            value = await step(value)
        return value

    return composed


async def papers(topic):
    return await hermod.call("find_papers", topic=topic)


async def most_cited(found):
    return max(found, key=itemgetter("citations"))["abstract"]


async def gist(text):
    return await hermod.call("summarize", text=text)


async def spanish(text):
    return await hermod.call("translate", text=text, language="es")


async def main():
    pipeline = compose(papers, most_cited, gist, spanish)
    for topic in TOPICS:
        print(topic.ljust(14), await pipeline(topic))


asyncio.run(main())
