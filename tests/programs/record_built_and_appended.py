import asyncio

import hermod


async def main():
    records = []
    for text in ["a", "b", "c"]:
        record = {"text": text, "tags": []}
        record["category"] = await hermod.call("classify", text=text)
        record["summary"] = await hermod.call("summarize", text=record["category"])
        records.append(record)
        print(record["summary"])
    print(records)


asyncio.run(main())
