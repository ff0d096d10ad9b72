import asyncio

import hermod


async def main():
    rows = {"a": {"n": 1}, "b": {"n": 2}}
    best = rows["b"]
    for name, row in rows.items():
        category = await hermod.call("classify", text=f"{name}{row['n']}")
        best["n"] += 1
        print(category, row["n"])
    worst = max(rows.values(), key=lambda row: row["n"])
    for name in ["x", "y"]:
        category = await hermod.call("classify", text=f"{name}{worst['n']}")
        best["n"] += 5
        print(category)


asyncio.run(main())
