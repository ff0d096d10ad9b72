# User: Draft a personalised invitation for everyone on the list, check tone, and send only the good ones.
# shape: draft-check-send; tags: effects, failures
import asyncio
import hermod

GUESTS = {"ana@example.org": "Ana", "bo@example.org": "Bo", "cy@example.org": "Cy", "di@example.org": "Di"}


class Rejected(Exception):
    pass


async def main():
    sent = 0
    for address, name in GUESTS.items():
        note = await hermod.call("memory_get", key=name)
        draft = await hermod.call("ask_model", prompt=f"Invite {name}, who likes {note}")
        verdict = await hermod.call("judge", question="Is it polite?", answer=draft)
        try:
            if verdict["verdict"] == "bad":
                raise Rejected(verdict["reason"])
            if not await hermod.call("send_message", to=address, text=draft):
                raise Rejected("not accepted by the server")
        except Rejected as reason:
            print(f"{name}: rejected ({reason})")
        else:
            sent += 1
            print(f"{name}: sent {draft!r}")
    print(sent, "sent")


asyncio.run(main())
