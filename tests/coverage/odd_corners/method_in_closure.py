import asyncio

import hermod


class Box:
    def __init__(self, v):
        self.v = v

    async def get(self):
        return await hermod.call("classify", text=self.v)


async def main():
    boxes = [Box("a"), Box("b")]
    gets = [b.get for b in boxes]
    for g in gets:
        print(await g())
    boxes[0].v = "z"
    print(await gets[0]())


asyncio.run(main())
