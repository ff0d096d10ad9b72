# A tree: every page, its facts and their checks as soon as what they hang on is there.
import asyncio

import hermod


async def check(fact):
    return fact, await hermod.call("verify_claim", claim=f"{fact['subject']}: {fact['claim']}")


async def read(hit):
    page = await hermod.call("fetch_page", url=hit["url"])
    if not page["ok"]:
        return None
    return await asyncio.gather(*map(check, await hermod.call("extract_facts", text=page["text"])))


async def main():
    hits = await hermod.call("web_search", query="urban beekeeping")
    supported = []
    for hit, checked in zip(hits, await asyncio.gather(*map(read, hits))):
        if checked is None:
            print("cannot read", hit["url"])
            continue
        for fact, status in checked:
            if status == "supported":
                supported.append((fact["certainty"], fact["claim"], hit["title"]))
    supported.sort(reverse=True)
    for certainty, claim, title in supported:
        print(f"{claim} ({title}, {certainty:.0f})")
    print(len(supported), "facts")


asyncio.run(main())
