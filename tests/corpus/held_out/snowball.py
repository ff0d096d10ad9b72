# Snowball literature search: start with a topic, follow citations two levels, print by level.
# shape: snowball-levels; tags: effects
import asyncio
import hermod


async def main():
    papers = await hermod.call("find_papers", topic="sleep and memory")
    frontier = [paper["doi"] for paper in papers]
    known = set(frontier)
    levels = [list(frontier)]
    for _ in range(2):
        following = []
        for doi in frontier:
            for cited in await hermod.call("get_citations", doi=doi):
                if cited not in known:
                    known.add(cited)
                    following.append(cited)
        levels.append(following)
        frontier = following
    for number, level in enumerate(levels):
        print(number, len(level), *level)


asyncio.run(main())
