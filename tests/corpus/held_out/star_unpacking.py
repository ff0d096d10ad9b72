# Rank papers and print winner, runner-up and the rest with star unpacking.
# shape: star-unpack; tags: effects
import asyncio
import hermod


async def main():
    first, *others = await hermod.call("find_papers", topic="octopus cognition")
    scored = []
    for paper in (first, *others):
        clarity = await hermod.call("rate", text=paper["abstract"], aspect="clarity")
        rigour = await hermod.call("rate", text=paper["abstract"], aspect="rigour")
        scored.append((clarity * 0.4 + rigour * 0.6, paper["title"]))
    (best, title), *rest = sorted(scored, reverse=True)
    print(f"winner: {title} ({best:.1f})")
    if rest:
        (second, runner_up), *tail = rest
        print(f"runner-up: {runner_up} ({second:.1f})")
        print("others:", *(name for _, name in tail))


asyncio.run(main())
