# User: Write a slogan for a bicycle shop and improve it until the judge is happy, at most five rounds.
# shape: critique-loop; tags:
import asyncio
import hermod

TASK = "A slogan for a bicycle shop"


async def main():
    draft = await hermod.call("ask_model", prompt=TASK)
    for round_ in range(5):
        verdict = await hermod.call("judge", question=TASK, answer=draft)
        facts = await hermod.call("extract_facts", text=draft)
        print(f"{round_}: {draft} -> {verdict['verdict']} ({verdict['score']}), {len(facts)} claims")
        if verdict["verdict"] == "good":
            break
        draft = await hermod.call("ask_model", prompt=f"{TASK}. Not {draft}, because {verdict['reason']}")
    print("final:", draft)


asyncio.run(main())
