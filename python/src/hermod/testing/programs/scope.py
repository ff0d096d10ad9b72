"""What a program being written has in hand: names by the kind of their values, and dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

#: Kinds of values. `iterator` is used up by whoever walks along it.
KINDS = ("text", "number", "texts", "counts", "record", "records", "words", "iterator", "picture",
         "case")  # fmt: skip

WISHES = {
    "text": ["text", "name", "line", "word", "answer", "best", "result", "note"],
    "number": ["number", "total", "count", "score", "i", "amount"],
    "texts": ["texts", "lines", "items", "found", "results", "names"],
    "counts": ["counts", "table", "options", "prices"],
    "record": ["ticket", "record", "entry"],
    "records": ["tickets", "records", "entries"],
    "words": ["seen", "words", "tags"],
    "iterator": ["rest", "pairs", "walk"],
    "picture": ["image", "scene", "crop", "photo"],
    "case": ["case", "claim", "matter"],
}


@dataclass(frozen=True)
class Helper:
    """A function of the program: how to call it, and what it gives."""

    name: str
    parameters: tuple[str, ...]
    result: str
    is_async: bool
    optional: int = 0
    #: A method of `Case`, the one class that a program may have.
    is_method: bool = False


@dataclass
class Scope:
    """Names of one function, and what surrounds the place being written."""

    dice: random.Random
    names: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    helpers: list[Helper] = field(default_factory=list)
    package: str = "hermod."
    is_async: bool = True
    loops: int = 0
    #: Whether it looks for trouble: items that are not there, functions that do not exist.
    is_mean: bool = True
    has_class: bool = False
    #: Statements that may still be written.
    budget: int = 20

    def risk(self, weight: float) -> float:
        """The weight of something that often raises."""
        return weight if self.is_mean else weight / 12

    def roll(self, chance: float) -> bool:
        """True in that share of cases."""
        return self.dice.random() < chance

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return self.dice.choice(choices)

    def weighted(self, choices: Sequence[tuple[float, Callable[[], T]]]) -> T:
        """What one of them makes, the heavier the likelier."""
        weights = [weight for weight, _ in choices]
        [(_, make)] = self.dice.choices(choices, weights)
        return make()

    def fresh(self, kind: str) -> str:
        """A name for a value of this kind: new, or one that something else had before."""
        wish = self.pick(WISHES[kind])
        if self.roll(0.04):
            wish = self.pick(["early_call", f"{wish}_call", "upfront_2", "answer_call", "_", "key"])
        if self.roll(0.75):
            number = 2
            name = wish
            while self.known(name):
                name = f"{wish}{number}"
                number += 1
            wish = name
        return wish

    def known(self, name: str) -> bool:
        """Is it in use?"""
        used = any(name in names for names in self.names.values())
        return used or any(helper.name == name for helper in self.helpers)

    def bind(self, name: str, kind: str) -> None:
        """From here on, the name has a value of this kind."""
        for names in self.names.values():
            while name in names:
                names.remove(name)
        self.names[kind].append(name)

    def copy_names(self) -> dict[str, list[str]]:
        """To come back to."""
        return {kind: list(names) for kind, names in self.names.items()}
