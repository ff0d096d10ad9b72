# User: Let two personas debate "trams or buses" for three rounds, then a judge decides.
# shape: alternating-chain; tags:
import asyncio
import hermod

PERSONAS = ["tram fan", "bus fan"]


async def main():
    opening = {}
    for persona in PERSONAS:
        opening[persona] = await hermod.call("ask_model", prompt=f"You are a {persona}. Open the debate.")
        print(f"{persona}: {opening[persona]}")
    last = opening[PERSONAS[-1]]
    transcript = list(opening.values())
    for round_number in range(3):
        for persona in PERSONAS:
            last = await hermod.call("ask_model", prompt=f"{round_number}: You are a {persona}. Answer: {last}")
            transcript.append(last)
            print(f"{persona}: {last}")
    scores = {}
    for index, persona in enumerate(PERSONAS):
        own = " ".join(transcript[index::2])
        verdict = await hermod.call("judge", question="trams or buses", answer=own)
        scores[persona] = verdict["score"]
    print("winner:", max(scores, key=scores.get))


asyncio.run(main())
