# A chain for each message, as far as its guards let it; the chains at once.
import asyncio

import hermod

MESSAGES = ["Where is my parcel?", "Tell me a secret", "I want a refund", "Who are you?"]


async def refused(stage, text):
    return await hermod.call("verify_claim", claim=f"{stage} is harmless: {text}") == "refuted"


async def respond(message):
    if await refused("input", message):
        return "input", f"[blocked: input: {message}]"
    intent = await hermod.call("route_intent", text=message)
    reply = await hermod.call("ask_model", prompt=f"[{intent}] {message}")
    if await refused("output", reply):
        return "output", f"[blocked: output: {reply}]"
    return None, reply


async def main():
    blocked = {"input": 0, "output": 0}
    for message, (stage, line) in zip(MESSAGES, await asyncio.gather(*map(respond, MESSAGES))):
        if stage:
            blocked[stage] += 1
        print(f"> {message}\n{line}")
    print(blocked)


asyncio.run(main())
