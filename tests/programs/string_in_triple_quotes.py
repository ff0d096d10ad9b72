import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        prompt = f"""Sort this:
  {text}
    please"""
        category = await hermod.call("classify", text=prompt)
        print(f"""[{category}
  {text}]""")


asyncio.run(main())
