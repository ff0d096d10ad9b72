# User: Group these feature requests by similarity and name each group.
# shape: vectors-cluster-name; tags: helpers
import asyncio
import hermod

REQUESTS = ["dark mode", "night theme", "export to PDF", "print view", "API keys", "webhooks"]


def near(a, b, limit=120.0):
    return sum(abs(x - y) for x, y in zip(a, b)) < limit


async def main():
    vectors = {}
    for text in REQUESTS:
        vectors[text] = await hermod.call("embed", text=text)
    clusters = []
    for text in REQUESTS:
        for cluster in clusters:
            if near(vectors[cluster[0]], vectors[text]):
                cluster.append(text)
                break
        else:
            clusters.append([text])
    for cluster in clusters:
        name = await hermod.call("ask_model", prompt="Name this group: " + ", ".join(cluster))
        print(f"{name}: {', '.join(cluster)}")


asyncio.run(main())
