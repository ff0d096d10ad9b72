# Request: what happens to my portfolio over 10, 30 and 90 days? Show the risk per share and horizon as a table.
# shape: table-nested-comprehension; tags:
import asyncio
import hermod

SYMBOLS = ["ACME", "GLOBEX", "HOOLI"]
HORIZONS = [10, 30, 90]


async def main():
    table = [
        [(await hermod.call("risk_model", symbol=symbol, horizon=horizon))["value"] for horizon in HORIZONS]
        for symbol in SYMBOLS
    ]
    print("       " + "".join(f"{horizon:>8}d" for horizon in HORIZONS))
    for symbol, row in zip(SYMBOLS, table):
        print(f"{symbol:<7}" + "".join(f"{value:>9.1f}" for value in row))
    worst = max(max(row) for row in table)
    note = await hermod.call("summarize", text=f"worst value at risk {worst}")
    print(note)


asyncio.run(main())
