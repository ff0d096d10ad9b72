# The vectors at once. Any request may still join any group, so names wait for all of them.
import asyncio

import hermod

REQUESTS = ["dark mode", "night theme", "export to PDF", "print view", "API keys", "webhooks"]


def near(a, b, limit=120.0):
    return sum(abs(x - y) for x, y in zip(a, b)) < limit


async def main():
    vectors = await asyncio.gather(*(hermod.call("embed", text=text) for text in REQUESTS))
    clusters = []
    for text, vector in zip(REQUESTS, vectors):
        for first, cluster in clusters:
            if near(first, vector):
                cluster.append(text)
                break
        else:
            clusters.append((vector, [text]))
    groups = [", ".join(cluster) for _, cluster in clusters]
    names = await asyncio.gather(
        *(hermod.call("ask_model", prompt=f"Name this group: {group}") for group in groups)
    )
    for name, group in zip(names, groups):
        print(f"{name}: {group}")


asyncio.run(main())
