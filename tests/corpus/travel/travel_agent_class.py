# User: Act as a travel agent: for each client pick flight and hotel within the budget and hold a booking log.
# shape: class-agent-per-client; tags: effects, helpers
import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Client:
    name: str
    city: str
    budget: float


class Agent:
    def __init__(self):
        self.log = []

    async def cheapest(self, client):
        flights = await hermod.call("search_flights", origin="Home", destination=client.city, date="2026-08-01")
        hotels = await hermod.call("search_hotels", city=client.city, nights=4)
        flight = min(flights, key=lambda f: f["price"])
        hotel = min(hotels, key=lambda h: h["price"])
        return flight, hotel

    async def serve(self, client):
        flight, hotel = await self.cheapest(client)
        cost = flight["price"] + hotel["price"]
        if cost > client.budget:
            self.log.append(f"{client.name}: {cost:.0f} is over budget")
            return False
        ticket = await hermod.call("book_flight", flight_id=flight["id"], passenger=client.name)
        await hermod.call("book_hotel", hotel_id=hotel["id"], nights=4)
        self.log.append(f"{client.name}: booked {ticket['confirmation']}")
        return True


async def main():
    agent = Agent()
    clients = [Client("Ada", "Nice", 120.0), Client("Bob", "Pisa", 40.0), Client("Cyd", "Bath", 200.0)]
    served = 0
    for client in clients:
        if await agent.serve(client):
            served += 1
    print("\n".join(agent.log))
    print("served", served)


asyncio.run(main())
