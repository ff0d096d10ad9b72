import asyncio
import json

import hermod


async def main():
    data = json.loads('{"texts": ["a", "b"], "n": 2}')
    for t in data["texts"][: data["n"]]:
        print(json.dumps({"t": t, "c": await hermod.call("classify", text=t)}))


asyncio.run(main())
