"""From the meeting notes, list action items by person, with a German version for Anna."""
# shape: nested-entities; tags:
import asyncio
import hermod

NOTES = ["Anna calls the printer", "Ben books a room", "Cleo and Anna write the agenda"]


async def main():
    actions = {}
    for note in NOTES:
        entities = await hermod.call("extract_entities", text=note)
        for person in entities["people"]:
            task = await hermod.call("answer_question", context=note, question=f"What does {person} do?")
            actions.setdefault(person, []).append(task["answer"])
    for person, tasks in sorted(actions.items()):
        print(person)
        for task in tasks:
            print("  -", task)
    for_anna = "; ".join(actions.get("Anna", ["nothing"]))
    print("Anna:", await hermod.call("translate", text=for_anna, language="de"))


asyncio.run(main())
