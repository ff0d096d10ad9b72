import asyncio

import hermod


class Settings:
    def __init__(self):
        self.tone = "kind"
        self.words = ["a", "b", "c"]

    async def by_setattr(self):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.tone} {word}")
            setattr(self, "tone", line)
            print(line)

    async def by_dict(self):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.tone} {word}")
            vars(self).update(tone=line)
            print(line)


async def main():
    settings = Settings()
    await settings.by_setattr()
    await settings.by_dict()
    print(settings.tone)


asyncio.run(main())
