# Process a podcast episode in stages: transcribe, moderate, chapter, translate. Enterprise style.
# shape: stage-pipeline; tags: helpers
import asyncio
from abc import ABC, abstractmethod
from typing import Any

import hermod


class Context(dict[str, Any]):
    def require(self, key: str) -> Any:
        if key not in self:
            raise LookupError(key)
        return self[key]


class Stage(ABC):
    @abstractmethod
    async def __call__(self, context: Context) -> None: ...


class Transcribe(Stage):
    async def __call__(self, context: Context) -> None:
        context["transcript"] = await hermod.call("transcribe", audio=context.require("audio"))


class Moderate(Stage):
    async def __call__(self, context: Context) -> None:
        verdict = await hermod.call("moderate", text=context.require("transcript")["text"])
        context["safe"] = not verdict["flagged"]


class Chapters(Stage):
    def __init__(self, languages: list[str]) -> None:
        self._languages = languages

    async def __call__(self, context: Context) -> None:
        context["chapters"] = {}
        for chapter in await hermod.call("chapters", text=context.require("transcript")["text"]):
            titles = [chapter["title"]]
            for language in self._languages:
                titles.append(await hermod.call("translate", text=chapter["title"], language=language))
            context["chapters"][chapter["start"]] = titles


async def main() -> None:
    for audio in ("one.mp3", "two.mp3"):
        context = Context(audio=audio)
        for stage in (Transcribe(), Moderate(), Chapters(["es", "hi"])):
            await stage(context)
        print(audio, "safe" if context["safe"] else "needs review")
        for start, titles in sorted(context["chapters"].items()):
            print(f"  {start:>4} {' / '.join(titles)}")


asyncio.run(main())
