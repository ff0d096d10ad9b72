# User: Ask both models my three questions and show where they disagree; a judge decides.
# shape: cross-check; tags:
import asyncio
import hermod

QUESTIONS = ["What is the boiling point of ethanol?", "Who wrote Emma?", "How long is the Nile?"]


async def main():
    disagreements = 0
    for question in QUESTIONS:
        small = await hermod.call("ask_model", prompt=question, model="small")
        large = await hermod.call("ask_model", prompt=question, model="large")
        print(question)
        if small == large:
            print("  both say", small)
            continue
        disagreements += 1
        small_verdict = await hermod.call("judge", question=question, answer=small)
        large_verdict = await hermod.call("judge", question=question, answer=large)
        better = small if small_verdict["score"] > large_verdict["score"] else large
        print(f"  small: {small}, large: {large}; better: {better}")
    print(disagreements, "disagreements")


asyncio.run(main())
