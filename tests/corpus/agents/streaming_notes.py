# User: Take notes of the talk chunk by chunk; each note should know the running summary; mark questions.
# shape: running-summary; tags:
import asyncio
import hermod

CHUNKS = ["Welcome everybody", "The problem with heat", "Our new material", "Results", "Any questions?"]


async def main():
    summary = "nothing yet"
    questions = []
    for index, chunk in enumerate(CHUNKS):
        kind = await hermod.call("route_intent", text=chunk)
        facts = await hermod.call("extract_facts", text=chunk)
        summary = await hermod.call("ask_model", prompt=f"So far: {summary}\nNow: {chunk}")
        if kind == "other":
            questions.append(index)
        print(f"{index}. {chunk} ({kind}, {len(facts)} facts): {summary}")
    print("questions at", questions)


asyncio.run(main())
