"""Write a press review: tone per article, a headline in French for the positive ones, in German for the negative ones."""
# shape: if-elif-calls; tags:
import asyncio
import hermod

ARTICLES = ["The bridge opens early", "Prices rise again", "The old mill burns", "A quiet summer"]


async def main():
    print("PRESS REVIEW")
    tally = {"positive": 0, "neutral": 0, "negative": 0}
    for article in ARTICLES:
        tone = await hermod.call("sentiment", text=article)
        tally[tone["label"]] += 1
        if tone["label"] == "positive":
            line = await hermod.call("translate", text=article, language="fr")
        elif tone["label"] == "negative":
            line = await hermod.call("translate", text=article, language="de")
        else:
            line = article
        print(f"* {line} ({tone['label']}, {tone['score']:.0f})")
    print(", ".join(f"{count} {label}" for label, count in tally.items()))


asyncio.run(main())
