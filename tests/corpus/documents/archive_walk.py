"""Walk our document folders, classify what is in them and print a tree."""
# shape: folder-walk; tags: helpers
import asyncio
import hermod

FOLDERS = {
    "root": ["legal", "sales", "readme.txt"],
    "legal": ["nda.txt", "lease.txt"],
    "sales": ["2023", "offer.txt"],
    "2023": ["q1.txt", "q2.txt"],
}


async def walk(name, indent=0):
    print(" " * indent + name + "/")
    total = 0
    for child in FOLDERS[name]:
        if child in FOLDERS:
            total += await walk(child, indent + 2)
        else:
            kind = await hermod.call("classify", text=child)
            print(" " * (indent + 2) + f"{child}: {kind}")
            total += 1
    return total


async def main():
    count = await walk("root")
    print(count, "files")


asyncio.run(main())
