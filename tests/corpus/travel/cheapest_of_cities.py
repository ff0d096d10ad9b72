# User: I can fly to Rome, Lisbon or Athens on 1 May. Which is cheapest including three hotel nights, and how is the weather?
# shape: options-then-compare; tags: effects
import asyncio
import hermod

CITIES = ["Rome", "Lisbon", "Athens"]
DATE = "2026-05-01"


async def main():
    options = []
    for city in CITIES:
        flights = await hermod.call("search_flights", origin="Berlin", destination=city, date=DATE)
        hotels = await hermod.call("search_hotels", city=city, nights=3)
        if not flights or not hotels:
            print("nothing for", city)
            continue
        flight = min(flights, key=lambda f: f["price"])
        hotel = min(hotels, key=lambda h: h["price"])
        total = flight["price"] + hotel["price"]
        options.append((total, city, flight["airline"], hotel["name"]))
    options.sort()
    for total, city, airline, hotel in options:
        weather = await hermod.call("get_weather", city=city, date=DATE)
        print(f"{city}: {total:.2f} with {airline}, {hotel}, {weather['condition']} {weather['temperature']}°C")


asyncio.run(main())
