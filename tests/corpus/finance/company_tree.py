# Request: the group owns companies which own others; what is the total revenue and where is most debt?
# shape: recursive-aggregate; tags: helpers
import asyncio
from dataclasses import dataclass, field

import hermod


@dataclass
class Company:
    symbol: str
    owns: list["Company"] = field(default_factory=list)


GROUP = Company("HOLD", [Company("ENERGY", [Company("SUN"), Company("WIND")]), Company("SHOP", [Company("WEB")])])


async def collect(company: Company, level: int = 0) -> tuple[float, tuple[float, str]]:
    facts = await hermod.call("get_fundamentals", symbol=company.symbol)
    print("  " * level + f"{company.symbol}: {facts['revenue']:.1f}")
    revenue = facts["revenue"]
    worst = (facts["debt"], company.symbol)
    for child in company.owns:
        child_revenue, child_worst = await collect(child, level + 1)
        revenue += child_revenue
        worst = max(worst, child_worst)
    return revenue, worst


async def main():
    revenue, (debt, symbol) = await collect(GROUP)
    print(f"revenue {revenue:.1f}; most debt: {symbol} ({debt:.1f})")


asyncio.run(main())
