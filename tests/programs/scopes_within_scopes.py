import asyncio

import hermod


async def helper(x, y):
    c = await hermod.call("classify", text=x)
    print(c)
    return c


async def ask(x):
    return await hermod.call("classify", text=x)


async def main():
    try:
        a = await ask("a")
        print(a)
        b = await ask("b")
    except hermod.CallError as e:
        b = str(e)
    finally:
        print("fin")
    print(b)
    for i in range(3):
        v = await ask(f"{i}")
        try:
            w = await ask(v)
            print(w)
        except hermod.CallError:
            print("bad", i)
        for j in range(2):
            u = await ask(f"{i}{j}{v}")
            print(u)


asyncio.run(main())
