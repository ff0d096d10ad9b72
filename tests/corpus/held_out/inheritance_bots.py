# Two kinds of bots answer the same threads; a mixin does the logging.
# shape: mixin-bots; tags: effects, helpers
import asyncio
import hermod


class Logging:
    async def log(self, text):
        await hermod.call("log_event", kind=type(self).__name__, text=text)


class Bot:
    language = "en"

    async def reply(self, thread):
        gist = await hermod.call("summarize", text=thread)
        return await hermod.call("translate", text=gist, language=self.language)


class SpanishBot(Logging, Bot):
    language = "es"

    async def reply(self, thread):
        answer = await super().reply(thread)
        await self.log(answer)
        return answer


class QuietBot(Bot):
    language = "hi"


async def main():
    bots = [SpanishBot(), QuietBot()]
    for thread in ["lost luggage", "late train", "wrong seat"]:
        for bot in bots:
            print(f"{type(bot).__name__}: {await bot.reply(thread)}")


asyncio.run(main())
