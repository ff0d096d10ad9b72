# Request: morning digest: for each watched share the quote, top headline in one sentence, and a smiley for the mood.
# shape: digest-per-item; tags: effects
import asyncio
import sys

import hermod


async def main():
    write = sys.stdout.write
    write("Good morning!\n")
    for symbol in "ACME GLOBEX WAYNE STARK".split():
        quote = await hermod.call("get_quote", symbol=symbol)
        write(f"{symbol} {quote['price']:.2f} ({quote['change']:+.2f})\n")
        news = await hermod.call("get_news", symbol=symbol)
        if not news:
            write("   no news\n")
            continue
        top = news[0]
        sentence = await hermod.call("summarize", text=top["body"])
        mood = await hermod.call("score_sentiment", text=top["headline"])
        write(f"   {':-)' if mood > 60 else ':-('} {sentence} [{top['source']}]\n")


asyncio.run(main())
