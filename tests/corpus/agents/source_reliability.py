# User: Rate my ten bookmarks for reliability; stop when three bad ones were found and list them.
# shape: count-break; tags: effects, failures
import asyncio
import hermod

BOOKMARKS = [f"https://site{number}.example" for number in range(10)]


async def main():
    bad = []
    checked = 0
    for url in BOOKMARKS:
        try:
            page = await hermod.call("fetch_page", url=url)
        except hermod.CallError:
            bad.append(url)
            continue
        finally:
            checked += 1
        verdict = await hermod.call("judge", question="Is it reliable?", answer=page["text"] + url)
        print(f"{url}: {verdict['verdict']}")
        if verdict["verdict"] == "bad":
            bad.append(url)
            if len(bad) == 3:
                break
    print(f"{checked} checked, bad: {bad}")


asyncio.run(main())
