# must: max(t)
import asyncio

import hermod


async def translated(text, *more, language="German", **style):
    whole = " ".join([text, *more])
    answer = await hermod.call("translate", text=whole, language=language)
    return answer.upper() if style.get("loud") else answer


async def main():
    print(await translated("good", "day"))
    print(await translated("good", "night", language="Dutch", loud=True))
    print(await translated(*["see", "you"], **{"language": "French"}))


asyncio.run(main())
