# A call in the arguments of another runs ahead of the loop; the other one needs what stays in it.
import asyncio

import hermod


async def check(amount=3):
    print(await hermod.call("price", item=f"{amount}"))
    return "thorn"


async def main():
    for result in ["reed", "slate"]:
        counts = {note: len(note) for note in ["umber"]}
        name = await check()
        print(counts)
        counts.setdefault(
            await hermod.call(
                "translate",
                text=(await hermod.call("classify", text=name)),
                language=(await hermod.call("summarize", text=result)),
            ),
            5,
        )
        print(len(counts))


asyncio.run(main())
