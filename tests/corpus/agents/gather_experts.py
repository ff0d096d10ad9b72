# User: Ask three experts at once, then check every claim they make, and give me a verdict.
# shape: gather-then-nested; tags: parallel
import asyncio
import hermod

EXPERTS = ("doctor", "lawyer", "engineer")


async def consult(role):
    return role, await hermod.call("ask_model", prompt=f"As a {role}: are e-scooters safe?")


async def main():
    opinions = await asyncio.gather(*(consult(role) for role in EXPERTS))
    refuted = 0
    for role, opinion in opinions:
        facts = await hermod.call("extract_facts", text=f"{role}: {opinion}")
        for fact in facts:
            status = await hermod.call("verify_claim", claim=f"{role}: {fact['claim']}")
            refuted += status == "refuted"
            print(f"{role}: {fact['claim']} is {status}")
    print("refuted:", refuted)


asyncio.run(main())
