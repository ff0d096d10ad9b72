# must: max(t)
import asyncio

import hermod


async def main():
    failures = []
    for number, text in enumerate(["a", "b", "c", "d"]):
        try:
            print(number, await hermod.call("embed", text=text))
        except hermod.CallError as error:
            failures.append(f"{number}: {error}")
    print(len(failures), failures)


asyncio.run(main())
