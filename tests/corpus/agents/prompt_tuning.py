# User: Which of these four system prompts gives the best answers on my three test questions?
# shape: grid-best; tags:
import asyncio
import hermod

PROMPTS = ["Be brief.", "Be precise.", "Think step by step.", "You are an expert."]
TESTS = ["Why is the sky blue?", "What is 17 * 3?", "Name a mammal that flies."]


async def main():
    results = []
    for index, prompt in enumerate(PROMPTS):
        total = 0.0
        for test in TESTS:
            answer = await hermod.call("ask_model", prompt=f"{prompt}\n{test}")
            verdict = await hermod.call("judge", question=test, answer=answer)
            total += verdict["score"]
        results.append((total / len(TESTS), -index))
        print(f"{prompt:<22}{total / len(TESTS):7.2f}")
    average, index = max(results)
    print("use:", PROMPTS[-index])


asyncio.run(main())
