# User: Research "urban beekeeping": read the top results and list facts that can be verified.
# shape: search-read-verify; tags: effects
import asyncio

import hermod


async def main():
    hits = await hermod.call("web_search", query="urban beekeeping")
    supported = []
    for hit in hits:
        page = await hermod.call("fetch_page", url=hit["url"])
        if not page["ok"]:
            print("cannot read", hit["url"])
            continue
        facts = await hermod.call("extract_facts", text=page["text"])
        for fact in facts:
            status = await hermod.call("verify_claim", claim=f"{fact['subject']}: {fact['claim']}")
            if status == "supported":
                supported.append((fact["certainty"], fact["claim"], hit["title"]))
    supported.sort(reverse=True)
    for certainty, claim, title in supported:
        print(f"{claim} ({title}, {certainty:.0f})")
    print(len(supported), "facts")


asyncio.run(main())
