# User: Answer my five questions about the photo as a small table.
# shape: dict-of-questions; tags:
import asyncio
import hermod
from PIL import Image

QUESTIONS = {
    "where": "Where was this taken?",
    "when": "At which time of day?",
    "who": "Who is in the picture?",
    "what": "What are they doing?",
    "mood": "What is the mood?",
}


async def main():
    image = Image.open("memory.jpg")
    answers = {}
    for key, question in QUESTIONS.items():
        reply = await hermod.call("ask_image", image=image, question=question)
        answers[key] = reply["answer"]
    width = max(map(len, answers))
    for key in QUESTIONS:
        print(f"{key.rjust(width)} | {answers[key]}")


asyncio.run(main())
