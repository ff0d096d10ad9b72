import asyncio

import hermod




async def main():
    a = await hermod.call("classify",
        text="a"  # comment
    )
    s = """
      text inside
        unindented
    """
    b = await hermod.call("classify", text=s)
    for t in ["""x
    y""", "z"]:
        print(repr(t), await hermod.call("summarize", text=t + """
        tail"""))
    print(a, b)


asyncio.run(main())
