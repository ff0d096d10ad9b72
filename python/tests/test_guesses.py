"""How many guesses are made at a time, and what is said of them (SEMANTICS E3)."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from hermod.concurrency import ahead, guessing
from hermod.guesses import UNTIL_SPENT, Guess, Guesses, parse


class Log:
    """What was made, in order; `!` marks a guess."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.known: set[str] = set()
        self.guesses = Guesses(self.known)

    def guess(self, scope: ahead, *keys: str) -> None:
        for key in keys:
            self.guesses.guess(scope, key, partial(self._go, key))

    def real(self, *keys: str) -> None:
        for key in keys:
            self.known.add(key)
            self.guesses.came_true(key)

    def _go(self, key: str, guess: Guess | None) -> None:
        self.made.append(f"{key}!" if guess else key)


def check(log: Log, expected: str) -> None:
    assert " ".join(log.made) == expected


def test_so_many_at_a_time() -> None:
    log, scope = Log(), ahead(speculate=2)
    log.guess(scope, "a", "b", "c", "d")
    check(log, "a! b!")
    log.real("b")
    check(log, "a! b! c!")
    log.real("a", "c")
    check(log, "a! b! c! d!")
    assert [log.guesses.in_vain(key) for key in "abcd"] == [False, False, False, True]


def test_equal_guesses_are_one_and_what_is_made_already_is_none() -> None:
    log, scope = Log(), ahead(speculate=1)
    log.guess(scope, "a", "a", "b")
    check(log, "a! a!")
    log.real("b", "a")
    check(log, "a! a! b")


def test_scopes_do_not_share_their_room() -> None:
    log, one, other = Log(), ahead(speculate=1), ahead(speculate=1)
    log.guess(one, "a", "b")
    log.guess(other, "c")
    check(log, "a! c!")
    log.real("c")
    check(log, "a! c!")


@pytest.mark.parametrize(
    ("speculate", "budget", "most"),
    [
        (4, None, 4),
        ("$0.05", 50_000, UNTIL_SPENT),
        ("0.05$", 50_000, UNTIL_SPENT),
        ("$2", 2_000_000, UNTIL_SPENT),
    ],
)
def test_a_window_or_a_budget(speculate: int | str, budget: int | None, most: int) -> None:
    assert parse(speculate) == (Guess(budget), most)


@pytest.mark.parametrize("speculate", [0, -1, "", "5", "$", "-$1", "$1$", "$.5", "$1e3"])
def test_anything_else_is_refused(speculate: int | str) -> None:
    with pytest.raises(ValueError, match="speculate"):
        parse(speculate)


def test_what_is_started_in_such_a_scope_guesses_and_nothing_else() -> None:
    seen: list[object] = []

    async def look(deeper: ahead | None = None) -> None:
        scope = guessing.get()
        seen.append(scope.speculate if scope else None)
        if deeper:
            await deeper.start(look())

    async def main() -> None:
        async with ahead() as early, ahead(speculate=3) as guess:
            await early.start(look())
            await guess.start(look(guess))
            await look()

    asyncio.run(main())
    assert seen == [None, 3, 3, None]
