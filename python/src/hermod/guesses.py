"""Calls that are made on a guess (SEMANTICS E3): so many at a time, until they come true.

A guess comes true when the program makes that call itself, and makes room for the next. One that
has not keeps its room, ended or not, so that no more than was allowed can be in vain.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Container, Hashable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from hermod.concurrency import ahead

UNTIL_SPENT = 64
"""Guesses at a time where money is the bound: as many as a loop's iterations ahead (H4)."""

_MONEY = re.compile(r"(?:\$(?P<before>\d+(?:\.\d+)?)|(?P<after>\d+(?:\.\d+)?)\$)")

Go = Callable[["Guess | None"], None]
"""Makes the call: as a guess, or as one that the program has made already."""


@dataclass(frozen=True)
class Guess:
    """What is said of a call that is one."""

    #: For all that the program's guesses cost in vain.
    budget_micro_usd: int | None = None


@dataclass
class _Allowance:
    """Of one `ahead(speculate=…)`."""

    guess: Guess
    most: int
    open: int = 0
    held: deque[tuple[Hashable, Go]] = field(default_factory=deque)


class Guesses:
    """Of one program. `made`: keys of the calls that are on their way or have ended."""

    def __init__(self, made: Container[Hashable]) -> None:
        self._made = made
        self._open: dict[Hashable, _Allowance] = {}
        self._allowances: WeakKeyDictionary[ahead, _Allowance] = WeakKeyDictionary()

    def guess(self, scope: ahead, key: Hashable, go: Go) -> None:
        """Makes the call now, or when there is room for it. Equal calls are one (E5)."""
        allowance = self._allowances.get(scope)
        if allowance is None:
            guess, most = parse(scope.speculate)
            allowance = self._allowances[scope] = _Allowance(guess, most)
        allowance.held.append((key, go))
        self._advance(allowance)

    def came_true(self, key: Hashable) -> None:
        """The program makes this call itself."""
        allowance = self._open.pop(key, None)
        if allowance is not None:
            allowance.open -= 1
            self._advance(allowance)

    def in_vain(self, key: Hashable) -> bool:
        """Was it made, and not yet by the program?"""
        return key in self._open

    def _advance(self, allowance: _Allowance) -> None:
        while allowance.held:
            key, go = allowance.held[0]
            known = key in self._open
            if not known and key not in self._made:
                if allowance.open >= allowance.most:
                    return
                allowance.open += 1
                self._open[key] = allowance
                known = True
            allowance.held.popleft()
            go(allowance.guess if known else None)


def parse(speculate: int | str) -> tuple[Guess, int]:
    """`4`: so many guesses at a time; `"$0.05"` or `"0.05$"`: as long as that much is not spent."""
    if isinstance(speculate, int):
        if speculate < 1:
            raise ValueError(f"speculate must be at least 1, not {speculate}")
        return Guess(), speculate
    money = _MONEY.fullmatch(speculate)
    if money is None:
        raise ValueError(f"speculate is a number of calls or money like '$0.05', not {speculate!r}")
    dollars = money["before"] or money["after"]
    return Guess(round(float(dollars) * 1_000_000)), UNTIL_SPENT
