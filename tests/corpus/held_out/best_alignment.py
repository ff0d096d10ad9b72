# Find the best alignment between each query and the references, only report good ones.
# shape: argmax-per-query; tags:
import asyncio
import hermod

QUERIES = {"q1": "ACGT", "q2": "GGCA", "q3": "TTAG"}
REFERENCES = {"r1": "ACGA", "r2": "GGCC", "r3": "TATA"}


async def main():
    for query, sequence in QUERIES.items():
        scores = {r: (await hermod.call("align", first=sequence, second=s))["score"] for r, s in REFERENCES.items()}
        winner = max(scores, key=scores.__getitem__)
        if scores[winner] > 50:
            print(f"{query} ~ {winner} ({scores[winner]})")
        else:
            print(f"{query}: no match")


asyncio.run(main())
