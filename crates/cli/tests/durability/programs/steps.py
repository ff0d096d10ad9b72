"""Eight calls of five kinds; each is labelled with its task and its number. Odd tasks write to counters."""

import asyncio

import hermod

with open("task.txt") as file:
    TASK = file.read()

ONCE, WRITE = ("count_once", "count") if int(TASK) % 2 else ("pay", "write")


def call(function: str, number: int, seconds: float) -> hermod.Call:
    return hermod.call(f"traced_{function}", folder="TRACES", label=f"{TASK}.{number}", seconds=seconds)


async def main() -> None:
    for early in [call("pure", 0, 0.02), call("pure", 1, 0.05), call("pure", 2, 0.01)]:
        print(await early)
    print(await call("read", 3, 0.02))
    print(await call(ONCE, 4, 0.02))
    print(await call(WRITE, 5, 0.02))
    print(await call("read", 6, 0.01))
    print(await call("pure", 7, 0.03))


asyncio.run(main())
