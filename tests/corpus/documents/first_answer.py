"""Find the warranty period in the manual. Stop reading as soon as it is found."""
# shape: search-loop-break; tags:
import asyncio
import hermod


async def main():
    sections = await hermod.call("split_document", path="manual.pdf")
    answer = None
    for section in sections:
        reply = await hermod.call("answer_question", context=section["text"], question="How long is the warranty?")
        if reply["found"]:
            answer = reply["answer"]
            print(f"Found on page {section['page']}")
            break
    if answer:
        german = await hermod.call("translate", text=answer, language="de")
        french = await hermod.call("translate", text=answer, language="fr")
        print(answer, "/", german, "/", french)
    else:
        print("The manual does not say.")


asyncio.run(main())
