# User: Simulate the onboarding bot as a state machine for two users.
# shape: state-machine; tags: effects, helpers
import asyncio
from enum import Enum

import hermod


class State(Enum):
    GREET = "greet"
    ASK = "ask"
    CONFIRM = "confirm"
    DONE = "done"


class Bot:
    def __init__(self, user):
        self.user = user
        self.state = State.GREET
        self.data = {}

    async def step(self):
        match self.state:
            case State.GREET:
                self.data["greeting"] = await hermod.call("ask_model", prompt=f"Greet {self.user}")
                self.state = State.ASK
            case State.ASK:
                reply = await hermod.call("memory_get", key=self.user)
                self.data["intent"] = await hermod.call("route_intent", text=f"{self.user} {reply}")
                self.state = State.CONFIRM
            case State.CONFIRM:
                await hermod.call("send_message", to=self.user, text=self.data["intent"])
                self.state = State.DONE

    async def run(self):
        while self.state is not State.DONE:
            before = self.state
            await self.step()
            print(f"{self.user}: {before.value} -> {self.state.value}")


async def main():
    for user in ("kim", "lou"):
        bot = Bot(user)
        await bot.run()
        print(bot.data)


asyncio.run(main())
