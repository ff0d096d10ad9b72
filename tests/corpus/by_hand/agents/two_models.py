# A pair of answers for each question, then a pair of verdicts where they differ.
import asyncio

import hermod

QUESTIONS = ["What is the boiling point of ethanol?", "Who wrote Emma?", "How long is the Nile?"]


async def ask(question):
    answers = await asyncio.gather(
        *(hermod.call("ask_model", prompt=question, model=model) for model in ("small", "large"))
    )
    if answers[0] == answers[1]:
        return answers, None
    verdicts = (hermod.call("judge", question=question, answer=answer) for answer in answers)
    return answers, await asyncio.gather(*verdicts)


async def main():
    disagreements = 0
    for question, asked in zip(QUESTIONS, await asyncio.gather(*map(ask, QUESTIONS))):
        (small, large), verdicts = asked
        print(question)
        if verdicts is None:
            print("  both say", small)
            continue
        disagreements += 1
        better = small if verdicts[0]["score"] > verdicts[1]["score"] else large
        print(f"  small: {small}, large: {large}; better: {better}")
    print(disagreements, "disagreements")


asyncio.run(main())
