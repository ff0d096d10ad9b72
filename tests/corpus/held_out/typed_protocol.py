# Typed service layer: price comparison with shipping to several countries.
# shape: typed-services; tags: effects, helpers
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol, TypedDict

import hermod

COUNTRIES: Final = ("DE", "PL", "IT")


class Offer(TypedDict):
    name: str
    country: str
    total: float
    days: int


class Catalogue(Protocol):
    async def offers(self, query: str) -> Sequence[Offer]: ...


class RemoteCatalogue:
    async def offers(self, query: str) -> list[Offer]:
        offers: list[Offer] = []
        for product in await hermod.call("search_products", query=query):
            for country in COUNTRIES:
                quote = await hermod.call("shipping_quote", sku=product["sku"], country=country)
                offers.append(
                    Offer(name=product["name"], country=country, total=product["price"] + quote["cost"], days=quote["days"])
                )
        return offers


async def best(catalogue: Catalogue, query: str) -> dict[str, Offer]:
    chosen: dict[str, Offer] = {}
    for offer in await catalogue.offers(query):
        if offer["country"] not in chosen or offer["total"] < chosen[offer["country"]]["total"]:
            chosen[offer["country"]] = offer
    return chosen


async def main() -> None:
    for country, offer in (await best(RemoteCatalogue(), "kettle")).items():
        print(f"{country}: {offer['name']} {offer['total']:.2f} in {offer['days']} days")


asyncio.run(main())
