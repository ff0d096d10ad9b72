# Request: fetch figures and risks for three shares at once, then explain each in a sentence and mail me the best.
# shape: gather-then-serial; tags: parallel, effects
import asyncio
import hermod

SYMBOLS = ["ACME", "WAYNE", "STARK"]


async def main():
    facts = await asyncio.gather(*[hermod.call("get_fundamentals", symbol=s) for s in SYMBOLS])
    best, best_pe = None, None
    for symbol, fact in zip(SYMBOLS, facts):
        text = await hermod.call("summarize", text=f"{symbol} in {fact['sector']} with P/E {fact['pe']}")
        mood = await hermod.call("score_sentiment", text=text)
        print(symbol, text, mood)
        if best is None or fact["pe"] < best_pe:
            best, best_pe = symbol, fact["pe"]
    await hermod.call("send_alert", to="me", text=f"Look at {best}")
    print("best:", best)


asyncio.run(main())
