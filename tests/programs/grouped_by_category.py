import asyncio
import logging
import sys
from collections import defaultdict

import hermod

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s", force=True)
log = logging.getLogger("groups")


async def main():
    groups = defaultdict(list)
    for text in ["a", "b", "c", "d"]:
        category = await hermod.call("classify", text=text)
        groups[category].append(text)
        log.info("%s is %s", text, category)
    for category, texts in sorted(groups.items()):
        summary = await hermod.call("summarize", text=texts[0])
        print(category, len(texts), summary)


asyncio.run(main())
