import asyncio

import hermod


async def main():
    records = []
    for text in ["a", "b", "c"]:
        record = {"text": text}
        records.append(record)
        record["category"] = await hermod.call("classify", text=text)
        print(len(records), [one.get("category") for one in records])


asyncio.run(main())
