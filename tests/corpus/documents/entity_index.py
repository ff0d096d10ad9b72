"""Make an index of all people and places in the book with the pages where they occur."""
# shape: inverted-index; tags:
import asyncio

import hermod


async def main():
    people: dict[str, list[int]] = {}
    places: dict[str, set[int]] = {}
    for section in await hermod.call("split_document", path="novel.epub"):
        entities = await hermod.call("extract_entities", text=section["title"] + ". " + section["text"])
        for person in entities["people"]:
            people.setdefault(person, []).append(section["page"])
        for place in entities["places"]:
            places.setdefault(place, set()).add(section["page"])
    print("People")
    for name in sorted(people):
        print(f"  {name}: {', '.join(str(page) for page in people[name])}")
    print("Places")
    for name in sorted(places):
        print(f"  {name}: {', '.join(map(str, sorted(places[name])))}")


asyncio.run(main())
