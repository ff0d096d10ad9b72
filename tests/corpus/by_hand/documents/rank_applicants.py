# Everybody's scores at once; the reasons of the top two hang on all of them.
import asyncio

import hermod

ADVERT = "We look for a careful data engineer."
LETTERS = {"Kim": "I like pipes.", "Lee": "I plan data.", "Max": "I bake.", "Noa": "I test a lot."}


async def main():
    fits = [hermod.call("similarity", first=ADVERT, second=letter) for letter in LETTERS.values()]
    tones = [hermod.call("sentiment", text=letter) for letter in LETTERS.values()]
    scores = {}
    for name, fit, tone in zip(LETTERS, fits, tones):
        scores[name] = await fit + (10 if (await tone)["label"] == "positive" else 0)
    ranking = sorted(scores, key=scores.get, reverse=True)
    for place, name in enumerate(ranking, 1):
        print(place, name, f"{scores[name]:.2f}")
    question = "What speaks for this person?"
    reasons = [hermod.call("answer_question", context=LETTERS[name], question=question) for name in ranking[:2]]
    for name, reason in zip(ranking, reasons):
        print(name, "because", (await reason)["answer"])


asyncio.run(main())
