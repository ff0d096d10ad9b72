import asyncio

import hermod


QUESTIONS = {"color": "What color?", "model": "What model?"}
LANGUAGE = "de"


async def main():
    for text in ["a", "b"]:
        question = QUESTIONS["color"]
        answer = await hermod.call("translate", text=text + question, language=LANGUAGE)
        print(answer)


asyncio.run(main())
