# Publish the posts that pass moderation; count everything, whatever happens.
# shape: try-else-finally-loop; tags: effects, failures
import asyncio
import hermod

POSTS = ["hello world", "cheap pills", "our holiday", "you idiots"]


async def main():
    stats = dict(seen=0, published=0, held=0, broken=0)
    for post in POSTS:
        try:
            verdict = await hermod.call("moderate", text=post)
            title = await hermod.call("summarize", text=post)
        except hermod.CallError:
            stats["broken"] += 1
        else:
            if verdict["flagged"]:
                stats["held"] += 1
                print("held:", post, verdict["category"])
            else:
                await hermod.call("notify", user="everybody", text=title)
                stats["published"] += 1
        finally:
            stats["seen"] += 1
    print(" ".join(f"{k}={v}" for k, v in stats.items()))


asyncio.run(main())
