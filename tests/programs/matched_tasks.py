import asyncio

import hermod


async def main():
    for task in [{"kind": "price", "item": "pear"}, {"kind": "text", "text": "t"}, {"kind": "?"}]:
        match task:
            case {"kind": "price", "item": item}:
                answer = await hermod.call("price", item=item)
            case {"kind": "text", "text": text}:
                answer = await hermod.call("summarize", text=text)
            case _:
                answer = "cannot"
        print(task["kind"], answer)


asyncio.run(main())
