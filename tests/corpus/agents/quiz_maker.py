# User: Make a quiz about these topics: a question, the answer and two wrong answers each, shuffled by length.
# shape: chain-with-fanout; tags: failures, helpers
import asyncio
from typing import NamedTuple

import hermod


class Quiz(NamedTuple):
    question: str
    answer: str
    wrong: list[str]

    def choices(self):
        return sorted({self.answer, *self.wrong}, key=lambda text: (len(text), text))


async def make(topic: str) -> Quiz:
    question = await hermod.call("ask_model", prompt=f"A question about {topic}")
    answer = await hermod.call("ask_model", prompt=f"Answer: {question} ({topic})", model="large")
    wrong = []
    for number in (1, 2):
        wrong.append(await hermod.call("ask_model", prompt=f"Wrong answer {number}: {question} ({topic})"))
    return Quiz(question, answer, wrong)


async def main():
    for topic in ["bridges", "birds", "bread"]:
        try:
            quiz = await make(topic)
        except hermod.CallError as error:
            print(f"{topic}: {error}")
            continue
        print(f"{topic}: {quiz.question}?")
        for letter, choice in zip("abc", quiz.choices()):
            print(f"  {letter}) {choice}")


asyncio.run(main())
