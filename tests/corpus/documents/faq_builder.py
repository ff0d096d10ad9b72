"""Make an FAQ from the support documents: question, answer, and in which document it was found."""
# shape: fetch-all-then-ask; tags: effects, failures
import asyncio
import hermod

QUESTIONS = ["How do I reset?", "Where is the fuse?", "What does the red light mean?"]


async def load(identifier, default=""):
    try:
        return await hermod.call("fetch_document", id=identifier)
    except hermod.CallError:
        return {"title": default, "text": default}


async def main():
    hits = await hermod.call("search_docs", query="support")
    documents = []
    for hit in hits:
        document = await load(hit["id"])
        if document["text"]:
            documents.append(document)
    for question in QUESTIONS:
        print("Q:", question)
        answers = []
        for document in documents:
            reply = await hermod.call("answer_question", context=document["text"], question=question)
            if reply["found"]:
                answers.append((reply["confidence"], reply["answer"], document["title"]))
        if answers:
            _, answer, title = max(answers)
            print(f"A: {answer} (see {title})")
        else:
            print("A: ?")


asyncio.run(main())
