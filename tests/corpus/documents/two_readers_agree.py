"""Extract the key terms of both versions of the policy independently and print what was added and removed."""
# shape: two-loops; tags:
import asyncio
import hermod


async def main():
    old_sections = await hermod.call("split_document", path="policy_v1.txt")
    old_terms = set()
    for section in old_sections:
        old_terms.update(await hermod.call("keywords", text=section["text"]))

    new_sections = await hermod.call("split_document", path="policy_v2.txt")
    new_terms = set()
    for section in new_sections:
        new_terms.update(await hermod.call("keywords", text=section["text"]))

    print("added:", ", ".join(sorted(new_terms - old_terms)))
    print("removed:", ", ".join(sorted(old_terms - new_terms)))
    print("kept:", ", ".join(sorted(old_terms & new_terms)))


asyncio.run(main())
