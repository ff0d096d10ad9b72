# User: For each unknown term in the text, look it up; skip the ones we already noted.
# shape: memo-skip; tags: effects, failures
import asyncio
import hermod

TERMS = ["yield", "spread", "coupon", "par", "tranche"]


async def main():
    new = {}
    for term in TERMS:
        try:
            note = await hermod.call("memory_get", key=term)
        except hermod.CallError:
            note = ""
        if len(note) > 5:
            print(f"{term}: known")
            continue
        hits = await hermod.call("web_search", query=f"define {term}")
        snippets = "; ".join(hit["snippet"] for hit in hits)
        new[term] = await hermod.call("ask_model", prompt=f"Define {term}: {snippets}")
        print(f"{term}: {new[term]}")
    for term, definition in new.items():
        await hermod.call("memory_put", key=term, value=definition)
    print("learned", len(new))


asyncio.run(main())
