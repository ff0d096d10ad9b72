# User: Answer each customer in their language; look up what we know about them first.
# shape: lookup-then-answer; tags: effects, failures
import asyncio
import hermod

MESSAGES = [("Marie", "fr", "Où est ma commande?"), ("Jonas", "de", "Passwort vergessen"), ("Yuki", "ja", "hello")]


async def main():
    for name, language, message in MESSAGES:
        try:
            history = await hermod.call("memory_get", key=f"customer/{name}")
        except hermod.CallError:
            history = "new customer"
        intent = await hermod.call("route_intent", text=message)
        answer = await hermod.call("ask_model", prompt=f"{language} {intent} {history}: {message}")
        await hermod.call("send_message", to=name, text=answer)
        print(f"{name} ({intent}): {answer}")


asyncio.run(main())
