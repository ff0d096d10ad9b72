"""Check that the German and French versions of the manual say the same as the English one; fail loudly if not."""
# shape: assert-handled; tags: failures
import asyncio
import hermod


async def main():
    sections = await hermod.call("split_document", path="manual_en.txt")
    problems = 0
    for section in sections:
        german = await hermod.call("translate", text=section["text"], language="de")
        french = await hermod.call("translate", text=section["text"], language="fr")
        score = await hermod.call("similarity", first=german, second=french)
        try:
            assert score > 40, f"{section['title']}: versions differ ({score})"
        except AssertionError as error:
            problems += 1
            print("problem:", error)
        else:
            print("fine:", section["title"])
    print("problems:", problems)


asyncio.run(main())
