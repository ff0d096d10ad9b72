# Rate each three-chapter window of the audiobook for tension and find the climax.
# shape: sliding-window; tags:
import asyncio
import hermod


async def main():
    transcript = await hermod.call("transcribe", audio="book.mp3")
    parts = []
    for number in range(3):
        parts += await hermod.call("chapters", text=f"{transcript['text']} part {number}")
    tension = []
    for i in range(len(parts) - 2):
        window = " ".join(part["text"] for part in parts[i : i + 3])
        tension.append(await hermod.call("rate", text=f"{i} {window}", aspect="tension"))
    peak = tension.index(max(tension))
    for i, value in enumerate(tension):
        print("#" * int(value / 10), "<- climax" if i == peak else "")
    print(parts[peak + 1]["title"])


asyncio.run(main())
