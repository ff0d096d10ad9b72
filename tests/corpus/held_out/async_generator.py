# Stream the episodes of a show and print the transcript language of the long ones.
# shape: async-generator; tags: effects, helpers
import asyncio
from collections.abc import AsyncIterator

import hermod


async def episodes(shows: list[str]) -> AsyncIterator[tuple[str, dict]]:
    for show in shows:
        for episode in await hermod.call("list_episodes", show=show):
            yield show, episode


async def main() -> None:
    long_ones = 0
    async for show, episode in episodes(["Night Owls", "Sea Talk"]):
        transcript = await hermod.call("transcribe", audio=episode["audio"])
        if episode["length"] > 15:
            long_ones += 1
            print(f"{show} #{episode['id']}: {transcript['language']}, {transcript['speakers']} speakers")
    print(long_ones)


asyncio.run(main())
