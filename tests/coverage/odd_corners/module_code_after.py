import asyncio
import hermod

names = []


async def main():
    for n in names:
        print(await hermod.call("classify", text=n))
        n = n.upper()
    names.append("late")


if __name__ == "__main__":
    names += ["a", "b"]
    asyncio.run(main())
    asyncio.run(main())
    print(names)
