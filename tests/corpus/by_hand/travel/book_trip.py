# The searches at once; each write waits for the one whose failure would have prevented it (E2).
import asyncio

import hermod


async def main():
    flights, hotels = await asyncio.gather(
        hermod.call("search_flights", origin="Bonn", destination="Oslo", date="2026-03-10"),
        hermod.call("search_hotels", city="Oslo", nights=2),
    )
    flight = min((flight for flight in flights if flight["stops"] < 40), key=lambda item: item["price"])
    hotel = max((hotel for hotel in hotels if hotel["rating"] > 20), key=lambda item: item["rating"])
    ticket = await hermod.call("book_flight", flight_id=flight["id"], passenger="R. Amundsen")
    room = await hermod.call("book_hotel", hotel_id=hotel["id"], nights=2)
    body = f"Flight {ticket['confirmation']} ({ticket['status']}), room {room['confirmation']} ({room['status']})"
    await hermod.call("send_email", to="r@example.org", subject="Trip", body=body)
    print(body)


asyncio.run(main())
