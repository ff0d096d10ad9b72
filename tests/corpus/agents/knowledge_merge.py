# User: Take the facts from two sources and tell me what both say, and check what only one says.
# shape: two-sources-merge; tags: effects
import asyncio
import hermod


async def main():
    first_page = await hermod.call("fetch_page", url="https://a.example/volcanoes")
    first_facts = await hermod.call("extract_facts", text=first_page["text"])
    first = {fact["subject"]: fact["claim"] for fact in first_facts}

    second_page = await hermod.call("fetch_page", url="https://b.example/volcanoes")
    second_facts = await hermod.call("extract_facts", text=second_page["text"])
    second = {fact["subject"]: fact["claim"] for fact in second_facts}

    shared = first.keys() & second.keys()
    print("both:", sorted(shared))
    for name, source in (("first", first), ("second", second)):
        for subject in sorted(source.keys() - shared):
            status = await hermod.call("verify_claim", claim=source[subject])
            print(f"only {name}: {subject}: {source[subject]} ({status})")


asyncio.run(main())
