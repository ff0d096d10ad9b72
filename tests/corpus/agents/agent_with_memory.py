# User: You are my assistant with a memory. Answer these questions, remembering what you learn on the way.
# shape: class-memory-agent; tags: effects, helpers
import asyncio
import hermod


class Assistant:
    def __init__(self, name):
        self.name = name
        self.turns = []

    async def answer(self, question):
        topic = await hermod.call("route_intent", text=question)
        known = await hermod.call("memory_get", key=topic)
        reply = await hermod.call("ask_model", prompt=f"Known: {known}\nQuestion: {question}")
        facts = await hermod.call("extract_facts", text=reply)
        for fact in facts:
            if fact["certainty"] > 60:
                await hermod.call("memory_put", key=topic, value=fact["claim"])
        self.turns.append((question, reply, len(facts)))
        return reply


async def main():
    assistant = Assistant("Ada")
    for question in ["Why is my bill so high?", "The app crashes", "Do you sell gift cards?"]:
        print("Q:", question)
        print("A:", await assistant.answer(question))
    learned = sum(count for _, _, count in assistant.turns)
    print(f"{assistant.name} learned {learned} facts in {len(assistant.turns)} turns")


asyncio.run(main())
