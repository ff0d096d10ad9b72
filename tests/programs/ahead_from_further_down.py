import asyncio

import hermod


async def main():
    tickets = await hermod.call("list_tickets", queue="late")
    texts = []
    for ticket in tickets:
        texts.append(f"{ticket['text']} of {len(tickets)}")
    texts.sort(key=len)
    words = 0
    for text in texts + ["late", "broken"]:
        if words + len(text) > 40:
            print("skipped", text)
            continue
        words += len(text)
        summary = await hermod.call("summarize", text=text)
        print(text, ":", summary)
    found = await hermod.call("search", query=f"{words}")
    for one in found:
        label = await hermod.call("classify", text=one)
        print(one, label)
        if label == "end":
            break
        if "e" in label:
            print(await hermod.call("translate", text=one, language="fr"))
    print(words)


asyncio.run(main())
