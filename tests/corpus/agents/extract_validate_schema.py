# User: Extract subject and claim from each note and validate; retry once with a stricter prompt on bad ones.
# shape: validate-retry-once; tags: failures, helpers
import asyncio
import hermod

NOTES = ["note about tides", "note about moss", "note about rust", "note about yeast"]


def validate(facts: list[dict]) -> dict:
    if not facts:
        raise ValueError("no facts")
    best = max(facts, key=lambda fact: fact["certainty"])
    if best["certainty"] < 100:
        raise ValueError(f"only {best['certainty']}")
    return best


async def extract(note: str) -> dict:
    facts = await hermod.call("extract_facts", text=note)
    try:
        return validate(facts)
    except ValueError as error:
        print(f"again: {error}")
        rewritten = await hermod.call("ask_model", prompt=f"State clearly: {note}")
        facts = await hermod.call("extract_facts", text=rewritten)
        return max(facts, key=lambda fact: fact["certainty"])


async def main():
    records = []
    for note in NOTES:
        records.append(await extract(note))
    for note, record in zip(NOTES, records):
        print(f"{note}: {record['subject']} / {record['claim']} ({record['certainty']:.1f})")


asyncio.run(main())
