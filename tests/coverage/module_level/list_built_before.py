# must: max(t)
import asyncio

import hermod

texts = []
for number in range(3):
    texts.append(f"page {number}")


async def main(pages):
    lines = []
    for page in pages:
        lines.append(await hermod.call("summarize", text=page))
    return lines


if __name__ == "__main__":
    for line in asyncio.run(main(texts)):
        print(line)
