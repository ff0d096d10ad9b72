import asyncio

import hermod


async def main():
    ok, bad = [], {}
    for i, t in enumerate(["a", "b", "c"]):
        try:
            s = await hermod.call("summarize", text=t)
            c = await hermod.call("classify", text=s)
        except hermod.CallError as e:
            bad[i] = str(e)
            continue
        ok.append((s, c))
    print(ok, bad)
    if bad:
        raise RuntimeError(f"{len(bad)} failed")
    print(await hermod.call("embed", text=str(len(ok))))


asyncio.run(main())
