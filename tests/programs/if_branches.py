import asyncio

import hermod


async def main():
    for text in ["urgent: fire", "hello", "urgent: flood"]:
        if text.startswith("urgent"):
            answer = await hermod.call("classify", text=text)
        elif len(text) > 20:
            answer = await hermod.call("summarize", text=text)
        else:
            answer = "nothing"
        print(text, answer)


asyncio.run(main())
