import asyncio

import hermod


async def main():
    category = await hermod.call("classify",
                                 text="one")
    summary = await hermod.call(
        "summarize",
        text="two",
    )
    note = await hermod.call("summarize", text="""three
  lines
    here""")
    print(category, summary, note)


asyncio.run(main())
