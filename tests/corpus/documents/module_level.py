# Summarise and translate the weekly newsletter; script style.
# shape: script-with-globals; tags:
import asyncio
import hermod

TEXT = "The newsletter of week 12"
LANGUAGES = "de fr ja".split()
output = {}


async def run():
    short = await hermod.call("summarize", text=TEXT, max_words=25)
    output["en"] = short
    for language in LANGUAGES:
        output[language] = await hermod.call("translate", text=short, language=language)
    tone = await hermod.call("sentiment", text=TEXT)
    output["tone"] = tone["label"]


asyncio.run(run())
for key, value in output.items():
    print(f"{key}: {value}")
