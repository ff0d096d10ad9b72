# Request: write a commentary paragraph for each of four quarters, each referring to the previous one.
# shape: prefix-scan; tags: helpers
import asyncio
import hermod

QUARTERS = {"Q1": 120.5, "Q2": 133.0, "Q3": 98.25, "Q4": 140.0}


def direction(old: float | None, new: float) -> str:
    if old is None:
        return "starts at"
    return "rises to" if new > old else "falls to"


async def comment(quarter: str, revenue: float, before: float | None, memory: str = "") -> str:
    fact = f"{quarter}: revenue {direction(before, revenue)} {revenue:.1f}"
    tone = await hermod.call("score_sentiment", text=fact)
    return await hermod.call("summarize", text=f"{memory} {fact} ({tone:.0f})")


async def main():
    memory, before = "", None
    for quarter, revenue in QUARTERS.items():
        memory = await comment(quarter, revenue, before, memory)
        before = revenue
        print(quarter, "-", memory)


asyncio.run(main())
