import asyncio

import hermod


class Queue:
    def __init__(self, names: list[str]):
        self.names = names
        self.rank = {}

    async def run(self):
        order = lambda name: self.rank.get(name, 0)  # noqa: E731
        for name in self.names:
            kind = await hermod.call("classify", text=f"{name} {order(name)} {sorted(self.names, key=order)}")
            self.rank[self.names[0]] = len(kind)
            print(kind)

    async def run_twice(self):
        def best():
            return max(self.names, key=lambda name: self.rank.get(name, 0))

        for name in self.names:
            kind = await hermod.call("classify", text=f"{name} {best()}")
            self.rank[name] = len(kind)
            print(kind)


async def main():
    queue = Queue(["a", "b", "c"])
    await queue.run()
    await queue.run_twice()
    print(queue.rank)


asyncio.run(main())
