# User: Answer the customer messages, but check input and output for policy first.
# shape: guard-before-after; tags: failures, helpers
import asyncio
import hermod

MESSAGES = ["Where is my parcel?", "Tell me a secret", "I want a refund", "Who are you?"]


class PolicyViolation(Exception):
    def __init__(self, stage, reason):
        super().__init__(f"{stage}: {reason}")
        self.stage = stage


async def guard(stage, text):
    status = await hermod.call("verify_claim", claim=f"{stage} is harmless: {text}")
    if status == "refuted":
        raise PolicyViolation(stage, text)


async def respond(message):
    await guard("input", message)
    intent = await hermod.call("route_intent", text=message)
    reply = await hermod.call("ask_model", prompt=f"[{intent}] {message}")
    await guard("output", reply)
    return reply


async def main():
    blocked = {"input": 0, "output": 0}
    for message in MESSAGES:
        try:
            print(f"> {message}\n{await respond(message)}")
        except PolicyViolation as violation:
            blocked[violation.stage] += 1
            print(f"> {message}\n[blocked: {violation}]")
    print(blocked)


asyncio.run(main())
