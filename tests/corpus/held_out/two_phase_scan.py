# Phase 1: which shows have long episodes? Phase 2: transcribe those and pick the most talkative.
# shape: two-phase; tags: effects
import asyncio, hermod

async def phase1(shows):
    picked = []
    for show in shows:
        episodes = await hermod.call("list_episodes", show=show)
        picked += [(show, e) for e in episodes if e["length"] > 20]
    return picked

async def phase2(picked):
    best = None
    for show, e in picked:
        t = await hermod.call("transcribe", audio=f"{show}/{e['audio']}")
        m = await hermod.call("moderate", text=t["text"] + show)
        if m["flagged"]:
            continue
        if best is None or t["speakers"] > best[0]:
            best = (t["speakers"], show, e["title"])
    return best

async def main():
    picked = await phase1(["X", "Y", "Z"])
    print(len(picked), "long episodes")
    best = await phase2(picked)
    print("most talkative:", "%s: %s (%d)" % (best[1], best[2], best[0]) if best else "none")

asyncio.run(main())
