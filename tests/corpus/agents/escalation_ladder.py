# User: Answer each question with the small model; use the large one if the judge says bad, a human if still bad.
# shape: escalate-by-verdict; tags: effects, helpers
import asyncio
import hermod

MODELS = ("small", "medium", "large")


async def try_models(question):
    answer = None
    for model in MODELS:
        answer = await hermod.call("ask_model", prompt=question, model=model)
        verdict = await hermod.call("judge", question=question, answer=answer)
        if verdict["verdict"] != "bad":
            return answer, model
    return answer, None


async def main():
    handed_over = []
    for question in ("How do I cancel?", "Is my data safe?", "Can I pay in gold?"):
        answer, model = await try_models(question)
        if model is None:
            await hermod.call("send_message", to="human", text=question)
            handed_over.append(question)
            print(question, "-> human")
        else:
            print(f"{question} -> {answer} [{model}]")
    print(f"{len(handed_over)} handed over")


asyncio.run(main())
