# Request: due diligence on HOOLI: figures, news summary, risk, peers; a memo at the end.
# shape: straight-memo; tags: effects
import asyncio
import hermod


async def main():
    symbol = "HOOLI"
    fundamentals = await hermod.call("get_fundamentals", symbol=symbol)
    quote = await hermod.call("get_quote", symbol=symbol)
    news = await hermod.call("get_news", symbol=symbol)
    digest = await hermod.call("summarize", text=" ".join(article["headline"] for article in news))
    mood = await hermod.call("score_sentiment", text=digest)
    short = await hermod.call("risk_model", symbol=symbol, horizon=10)
    long = await hermod.call("risk_model", symbol=symbol, horizon=250)
    print("MEMO", symbol)
    print(f"P/E {fundamentals['pe']:.1f}, debt {fundamentals['debt']:.1f}, price {quote['price']:.2f} {quote['currency']}")
    if "dividend" in fundamentals:
        print(f"dividend yield {fundamentals['dividend'] / (quote['price'] or 1):.2%}")
    print(f"News ({mood:.0f}): {digest}")
    print(f"Risk: {short['rating']} for 10 days, {long['rating']} for a year")


asyncio.run(main())
