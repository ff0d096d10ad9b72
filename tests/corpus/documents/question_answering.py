"""Who signed the lease, when does it end, and how much is the deposit? Answer from lease.pdf."""
# shape: questions-times-sections; tags: helpers
import asyncio

import hermod

QUESTIONS = ["Who signed the lease?", "When does the lease end?", "How much is the deposit?"]


async def best_answer(question, sections):
    best = {"answer": "unknown", "confidence": 0}
    for section in sections:
        reply = await hermod.call("answer_question", context=section["text"], question=question)
        if reply["found"] and reply["confidence"] > best["confidence"]:
            best = reply
    return best


async def main():
    sections = await hermod.call("split_document", path="lease.pdf")
    for question in QUESTIONS:
        best = await best_answer(question, sections)
        print(question)
        print(f"  {best['answer']} ({best['confidence']})")


asyncio.run(main())
