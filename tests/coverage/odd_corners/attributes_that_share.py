# Attributes are told apart only where they cannot be the same object.
import asyncio
from dataclasses import dataclass

import hermod


class Twin:
    def __init__(self):
        self.left = self.right = []

    async def add(self, text):
        self.left.append(await hermod.call("summarize", text=text))
        return await hermod.call("classify", text=f"{len(self.right)}")


class Log:
    def __init__(self, lines):
        self.lines = lines
        self.name = "log"

    async def write(self, text, seen):
        self.lines.append(text)
        first = await hermod.call("classify", text=f"{seen}")
        self.lines.append(first)
        second = await hermod.call("classify", text=f"{self.name} {seen}")
        return second

    @property
    def last(self):
        return self.lines

    def own(self):
        return self.lines


@dataclass
class Pair:
    one: list
    other: list

    async def swap(self):
        self.one, self.other = self.other, self.one
        self.one.append("x")
        return await hermod.call("summarize", text=f"{self.other} {self.one}")


class Node:
    def __init__(self, name, below=None):
        self.name = name
        self.below = below

    async def rename(self, name):
        self.name = await hermod.call("classify", text=name)

    async def tell(self):
        return await hermod.call("summarize", text=f"{self.name} {self.below.name if self.below else ''}")


async def both(one, other):
    one.lines.append(await hermod.call("classify", text="one"))
    return await hermod.call("summarize", text=f"{other.lines}")


async def main():
    twin = Twin()
    for text in ["a", "b"]:
        print(await twin.add(text))
    lines = []
    log = Log(lines)
    for text in ["c", "d"]:
        print(await log.write(text, lines), await log.write(text, log.lines), await log.write(text, [log.lines]))
    print(await log.write("e", log.last), await log.write("f", log.own()))
    same = Log(lines)
    print(await both(log, same), await both(log, log), await both(Log([]), same))
    pair = Pair(lines, [])
    print(await pair.swap(), await pair.swap(), len(lines))
    other = Pair(one=pair.one, other=pair.other)
    print(await other.swap(), await pair.swap())
    inner = Node("inner")
    outer = Node("outer", inner)
    circle = Node("circle")
    circle.below = circle
    for node in [inner, outer, circle]:
        await inner.rename(f"new {node.name}")
        await circle.rename(f"{node.name} again")
        print(await outer.tell(), await node.tell(), await circle.tell())
    shelf = [inner, outer, inner]
    for node in shelf:
        shelf[0].name = await hermod.call("summarize", text=node.name)
        print(await shelf[2].tell())


asyncio.run(main())
