import asyncio

import hermod


def numbered(lines):
    for number, line in enumerate(lines):
        print("numbering", number)
        yield f"{number} {line}"


def halves(lines):
    return [reversed(lines), iter(lines)]


async def main():
    for line in numbered(["a", "b", "c"]):
        category = await hermod.call("classify", text=line)
        print(category)
    both = halves(["a", "b"])
    for line in both[0]:
        category = await hermod.call("classify", text=line)
        print(category)


asyncio.run(main())
