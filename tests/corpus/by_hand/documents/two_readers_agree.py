# The two versions beside each other; no word of one waits for the sections of the other.
import asyncio

import hermod


async def terms_of(path):
    sections = await hermod.call("split_document", path=path)
    found = await asyncio.gather(*(hermod.call("keywords", text=section["text"]) for section in sections))
    return set().union(*found)


async def main():
    old_terms, new_terms = await asyncio.gather(terms_of("policy_v1.txt"), terms_of("policy_v2.txt"))
    print("added:", ", ".join(sorted(new_terms - old_terms)))
    print("removed:", ", ".join(sorted(old_terms - new_terms)))
    print("kept:", ", ".join(sorted(old_terms & new_terms)))


asyncio.run(main())
