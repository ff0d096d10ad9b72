"""Rank the applicants by how well their letter fits the job advert and write a short reason for the top two."""
# shape: score-sort-top; tags:
import asyncio
import hermod

ADVERT = "We look for a careful data engineer."
LETTERS = {"Kim": "I like pipes.", "Lee": "I plan data.", "Max": "I bake.", "Noa": "I test a lot."}


async def main():
    scores = {}
    for name, letter in LETTERS.items():
        fit = await hermod.call("similarity", first=ADVERT, second=letter)
        tone = await hermod.call("sentiment", text=letter)
        scores[name] = fit + (10 if tone["label"] == "positive" else 0)
    ranking = sorted(scores, key=scores.get, reverse=True)
    for place, name in enumerate(ranking, 1):
        print(place, name, f"{scores[name]:.2f}")
    for name in ranking[:2]:
        reason = await hermod.call("answer_question", context=LETTERS[name], question="What speaks for this person?")
        print(name, "because", reason["answer"])


asyncio.run(main())
