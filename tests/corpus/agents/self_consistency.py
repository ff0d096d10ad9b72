# User: Solve the riddle five times with different hints and take the most frequent answer.
# shape: sample-and-vote; tags:
import asyncio
from collections import Counter

import hermod

RIDDLE = "What has roots as nobody sees?"
HINTS = ["think of stone", "think of trees", "up it goes", "yet never grows", "no hint"]


async def main():
    answers = []
    for hint in HINTS:
        answer = await hermod.call("ask_model", prompt=f"{RIDDLE} ({hint})")
        answers.append(answer)
    counts = Counter(answers)
    winner, votes = counts.most_common(1)[0]
    verdict = await hermod.call("judge", question=RIDDLE, answer=winner)
    print(f"{winner}: {votes} of {len(HINTS)} votes, judged {verdict['verdict']}")
    for other in counts:
        if other != winner:
            print("also said:", other)


asyncio.run(main())
