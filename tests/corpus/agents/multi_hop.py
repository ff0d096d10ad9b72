# User: Who advised the advisor of Emmy Noether, and is that well known? Search step by step.
# shape: multi-hop-chain; tags: effects
import asyncio
import hermod


async def main():
    person = "Emmy Noether"
    chain = [person]
    for hop in range(2):
        hits = await hermod.call("web_search", query=f"doctoral advisor of {person} ({hop})")
        facts = []
        for hit in hits:
            facts += await hermod.call("extract_facts", text=hit["snippet"] + hit["title"])
        best = max(facts, key=lambda fact: fact["certainty"])
        person = best["subject"]
        chain.append(person)
        print(f"hop {hop + 1}: {person} ({best['certainty']:.0f})")
    for name in chain[1:]:
        status = await hermod.call("verify_claim", claim=f"{name} was a mathematician")
        print(name, status)
    print(" <- ".join(chain))


asyncio.run(main())
