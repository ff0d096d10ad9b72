import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Ask:
    t: str


@dataclass
class Tell:
    t: str
    n: int = 1


async def main():
    for m in [Ask("a"), Tell("b", 2), Ask("c")]:
        match m:
            case Ask(t=t):
                print("ask", await hermod.call("classify", text=t))
            case Tell(t, n):
                print("tell", n, await hermod.call("summarize", text=t))


asyncio.run(main())
