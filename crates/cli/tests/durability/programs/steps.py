"""Eight calls of four kinds; each is labelled with its task and its number."""

import asyncio

import hermod

with open("task.txt") as file:
    TASK = file.read()


def call(function: str, number: int, seconds: float) -> hermod.Call:
    return hermod.call(f"traced_{function}", folder="TRACES", label=f"{TASK}.{number}", seconds=seconds)


async def main() -> None:
    for early in [call("pure", 0, 0.02), call("pure", 1, 0.05), call("pure", 2, 0.01)]:
        print(await early)
    print(await call("read", 3, 0.02))
    print(await call("pay", 4, 0.02))
    print(await call("write", 5, 0.02))
    print(await call("read", 6, 0.01))
    print(await call("pure", 7, 0.03))


asyncio.run(main())
