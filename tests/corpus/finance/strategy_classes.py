# Request: backtest three strategies on ACME and GLOBEX and tell me which one made most.
# shape: polymorphic-strategies; tags: effects, helpers
import asyncio
from abc import ABC, abstractmethod

import hermod


class Strategy(ABC):
    name = "?"

    @abstractmethod
    async def decide(self, symbol, history): ...

    async def profit(self, symbol):
        history = await hermod.call("get_history", symbol=symbol, days=60)
        if not history or not await self.decide(symbol, history):
            return 0.0
        return history[-1] - history[0]


class Always(Strategy):
    name = "always"

    async def decide(self, symbol, history):
        return True


class Mood(Strategy):
    name = "mood"

    async def decide(self, symbol, history):
        news = await hermod.call("get_news", symbol=symbol)
        return await hermod.call("score_sentiment", text=news[0]["headline"]) > 40


class Careful(Strategy):
    name = "careful"

    async def decide(self, symbol, history):
        risk = await hermod.call("risk_model", symbol=symbol, horizon=60)
        return risk["rating"] != "high"


async def main():
    results = {}
    for strategy in (Always(), Mood(), Careful()):
        gain = 0.0
        for symbol in ("ACME", "GLOBEX"):
            gain += await strategy.profit(symbol)
        results[strategy.name] = gain
        print(f"{strategy.name}: {gain:+.2f}")
    print("best:", max(results, key=results.get))


asyncio.run(main())
