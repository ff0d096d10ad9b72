# Translate all strings in this nested settings object to Hindi, keep everything else.
# shape: recursive-structure; tags: helpers
import asyncio
import json

import hermod

SETTINGS = {
    "title": "Kitchen",
    "items": [{"name": "Oven", "power": 2000}, {"name": "Kettle", "tags": ["hot", "water"]}],
    "active": True,
}


async def walk(value):
    if isinstance(value, str):
        return await hermod.call("translate", text=value, language="hi")
    if isinstance(value, list):
        return [await walk(item) for item in value]
    if isinstance(value, dict):
        return {key: await walk(item) for key, item in value.items()}
    return value


async def main():
    print(json.dumps(await walk(SETTINGS), indent=1))


asyncio.run(main())
