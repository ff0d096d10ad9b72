# User: Caption each of my three photos in English, German and Japanese.
# shape: per-item-chain-fanout; tags:
import asyncio

import hermod
from PIL import Image

LANGUAGES = ["de", "ja"]


async def main():
    for path in ("one.jpg", "two.jpg", "three.jpg"):
        caption = await hermod.call("describe", image=Image.open(path))
        print(f"{path} [en] {caption}")
        for language in LANGUAGES:
            translated = await hermod.call("translate", text=caption, language=language)
            print(f"{path} [{language}] {translated}")


asyncio.run(main())
