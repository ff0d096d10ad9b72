"""Review a contract: list risky clauses with their severity and suggest whether to sign."""
# shape: class-with-results; tags: helpers
import asyncio
from dataclasses import dataclass, field

import hermod


@dataclass
class Review:
    path: str
    risks: list = field(default_factory=list)
    score: float = 0.0

    async def run(self):
        clauses = await hermod.call("split_document", path=self.path)
        for clause in clauses:
            tone = await hermod.call("sentiment", text=clause["text"])
            obligation = await hermod.call("answer_question", context=clause["text"], question="Who carries the risk?")
            if tone["label"] == "negative" or not obligation["found"]:
                self.add(clause["title"], tone["score"])
        return self

    def add(self, title, score):
        self.risks.append(title)
        self.score += score

    @property
    def verdict(self):
        return "do not sign" if self.score > 100 else "sign"


async def main():
    review = await Review("contract.pdf").run()
    for risk in review.risks:
        print("risk:", risk)
    print(review.verdict, f"({review.score:.1f})")


asyncio.run(main())
