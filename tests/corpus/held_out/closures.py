# Make a checker per aspect and run all checkers over the drafts; stop early on spam.
# shape: closure-factories; tags: failures, helpers
import asyncio
import hermod


class Spam(Exception):
    pass


def checker(aspect, minimum):
    async def check(text):
        value = await hermod.call("rate", text=text, aspect=aspect)
        return aspect, value, value >= minimum

    return check


async def review(text, checks):
    verdict = await hermod.call("moderate", text=text)
    if verdict["category"] == "spam":
        raise Spam(text)
    return [await check(text) for check in checks]


async def main():
    checks = [checker("clarity", 40), checker("tone", 30), checker("length", 20)]
    for draft in ["Our new store", "WIN MONEY", "We moved", "Summer sale", "Dear friends"]:
        try:
            rows = await review(draft, checks)
        except Spam as spam:
            print(f"{spam}: SPAM")
            continue
        marks = " ".join(f"{aspect}={'ok' if good else 'no'}({value:.0f})" for aspect, value, good in rows)
        print(f"{draft}: {marks}")


asyncio.run(main())
