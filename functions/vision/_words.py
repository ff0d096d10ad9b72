"""How a property of an object is said as a sentence, and what would be so if it were not so."""

from __future__ import annotations

_OPPOSITES = {
    "damaged": "intact",
    "broken": "whole",
    "open": "closed",
    "empty": "full",
    "clean": "dirty",
    "wet": "dry",
    "parked": "moving",
    "old": "new",
    "large": "small",
    "overturned": "upright",
}
_BOTH_WAYS = _OPPOSITES | {opposite: word for word, opposite in _OPPOSITES.items()}


def with_article(words: str) -> str:
    """`a damaged car`, `an intact car`."""
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"


def statement(object_name: str, property_name: str) -> str:
    """`a damaged car`."""
    return with_article(f"{property_name.strip()} {object_name.strip()}")


def opposite(object_name: str, property_name: str) -> str:
    """`an intact car`; of a word without a known opposite `a car that is not striped`."""
    other = _BOTH_WAYS.get(property_name.strip().lower())
    if other is not None:
        return statement(object_name, other)
    return f"{with_article(object_name.strip())} that is not {property_name.strip()}"
