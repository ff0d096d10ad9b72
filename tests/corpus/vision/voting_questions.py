# User: Is the animal in photo.jpg a wolf or a dog? Ask in several ways and take a vote.
# shape: majority-vote; tags:
import asyncio
from collections import Counter

import hermod
from PIL import Image


async def main():
    image = Image.open("photo.jpg")
    votes = Counter()
    prompts = ("Is this a wolf?", "Is this a wild animal?", "Does it live in a forest?", "Would you run away?", "No collar?")
    for prompt in prompts:
        reply = await hermod.call("ask_image", image=image, question=prompt)
        votes["wolf" if reply["confidence"] > 60 else "dog"] += 1
    looks_wild = await hermod.call("check_property", image=image, object_name="animal", property="wild")
    votes["wolf" if looks_wild else "dog"] += 2
    (winner, count), *_ = votes.most_common()
    print(f"It is a {winner} ({count} of {sum(votes.values())} votes)")


asyncio.run(main())
