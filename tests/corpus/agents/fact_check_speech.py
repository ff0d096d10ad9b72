# User: Fact-check this speech sentence by sentence, with sources for what is refuted.
# shape: sentence-check; tags: effects
import asyncio
import sys

import hermod

SPEECH = "Our city is green. We planted a million trees. Crime is down. Buses are free. Rents fell by half."


async def main():
    tally = {"supported": 0, "refuted": 0, "unknown": 0}
    for sentence in SPEECH.split(". "):
        status = await hermod.call("verify_claim", claim=sentence)
        tally[status] += 1
        print(f"[{status:^9}] {sentence}")
        if status == "refuted":
            hits = await hermod.call("web_search", query=sentence)
            for hit in hits[:2]:
                print(f"            see {hit['title']} {hit['url']}")
    print(tally, file=sys.stderr)


asyncio.run(main())
