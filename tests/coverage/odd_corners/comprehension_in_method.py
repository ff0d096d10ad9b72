import asyncio

import hermod


class T:
    langs = ["German", "Dutch"]

    async def all(self, t):
        return {l: await hermod.call("translate", text=t, language=l) for l in self.langs}


async def main():
    t = T()
    print(await t.all("a"))
    t.langs = ["French"]
    print(await t.all("a"))
    T.langs.append("x")
    print(await T().all("a"))


asyncio.run(main())
