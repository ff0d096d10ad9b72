# Request: for each sector, list our holdings with their risk and the debt of the company.
# shape: group-by-then-risk; tags:
import asyncio
from collections import defaultdict

import hermod

HOLDINGS = ["ACME", "GLOBEX", "INITECH", "HOOLI", "WAYNE", "STARK"]


async def main():
    sectors = defaultdict(list)
    for symbol in HOLDINGS:
        fundamentals = await hermod.call("get_fundamentals", symbol=symbol)
        sectors[fundamentals["sector"]].append((symbol, fundamentals["debt"]))
    for sector in sorted(sectors):
        print(sector.title())
        for symbol, debt in sectors[sector]:
            risk = await hermod.call("risk_model", symbol=symbol, horizon=30)
            print(f"  {symbol}: {risk['rating']} ({risk['value']:.1f}), debt {debt:.1f}")


asyncio.run(main())
