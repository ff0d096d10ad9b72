# Request: how is the press mood about these five companies? Rank them.
# shape: average-per-key; tags: effects
import asyncio
import hermod

SYMBOLS = ["ACME", "GLOBEX", "INITECH", "HOOLI", "UMBRELLA"]


async def main():
    moods = {}
    for symbol in SYMBOLS:
        articles = await hermod.call("get_news", symbol=symbol)
        scores = []
        for article in articles:
            score = await hermod.call("score_sentiment", text=article["headline"] + "\n" + article["body"])
            scores.append(score)
        moods[symbol] = sum(scores) / len(scores) if scores else 0.0
    for symbol, mood in sorted(moods.items(), key=lambda item: item[1], reverse=True):
        print(f"{symbol}: {mood:+.2f}")


asyncio.run(main())
