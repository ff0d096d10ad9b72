import asyncio
import copy

import hermod


async def main():
    base = {"words": ["a"]}
    for n in range(3):
        one = copy.copy(base)
        one["words"].append(str(n))
        print(await hermod.call("classify", text="".join(one["words"])))
    two = copy.deepcopy(base)
    two["words"].append("z")
    print(await hermod.call("classify", text="".join(base["words"])))


asyncio.run(main())
