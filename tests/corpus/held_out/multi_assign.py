# Tell me about these two photos side by side.
# shape: tuple-awaits; tags:
import asyncio
import hermod
from PIL import Image

async def main():
    left, right = Image.open("left.png"), Image.open("right.png")
    cl, cr = await hermod.call("caption", image=left), await hermod.call("caption", image=right)
    trees = len(await hermod.call("detect", image=left, label="tree")), len(await hermod.call("detect", image=right, label="tree"))
    cats = len(await hermod.call("detect", image=left, label="cat")) + len(await hermod.call("detect", image=right, label="cat"))
    print(f"{cl:<12}|{cr:>12}", "more trees left" if trees[0] > trees[1] else "more trees right", cats, sep="\n")
    summary = await hermod.call("summarize", text=f"{cl} versus {cr}")
    print(summary)

asyncio.run(main())
