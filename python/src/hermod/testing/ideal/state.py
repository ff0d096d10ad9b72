"""Where a traced run is: the tests that decide what runs, and the calls that could prevent it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hermod.testing.ideal.scopes import Exits
from hermod.testing.ideal.shadows import Shadows


@dataclass(slots=True, eq=False)
class Frame:
    """One activation of a function of the program. Tests are kept by what they may have left."""

    previous: Frame | None
    control: int
    depth: int
    tags: list[int] = field(default_factory=list)
    native: bool = False
    #: Tests that decided about leaving: they decide about what follows.
    left: dict[Exits, int] = field(default_factory=dict)
    #: Calls whose failure would have left by a handler's exit (E2).
    prevented: dict[Exits, int] = field(default_factory=dict)
    #: Its `try` and `with` on their way.
    attempts: list[Any] = field(default_factory=list)

    def tests(self) -> int:
        """What now hangs on not having left."""
        joined = 0
        for tags in self.left.values():
            joined |= tags
        return joined


@dataclass(slots=True, eq=False)
class Test:
    """Within an expression: `and`, `or`, `… if … else …`."""

    control: int
    tags: int = 0


@dataclass(slots=True, eq=False)
class Comprehension:
    """What has come out of one so far."""

    control: int
    items: list[int] = field(default_factory=list)
    keys: list[tuple[Any, int]] = field(default_factory=list)
    shape: int = 0


class State:
    """Sets of calls, bit by bit."""

    def __init__(self) -> None:
        self.shadows = Shadows()
        #: What the expression evaluated last carries.
        self.t = 0
        #: The tests that decide whether what runs now runs.
        self.c = 0
        #: Of these, those that decided about raising.
        self.raises = 0
        #: Earlier calls whose failure would have prevented what runs now.
        self.unsafe = 0
        #: Everything awaited before.
        self.before = 0
        #: What operations that may fail looked at.
        self.risk = 0
        #: What a function that was called by code of others gets, and what came out of it.
        self.ambient = 0
        self.collected = 0
        self.stack: list[Test | Comprehension] = []
        self.frame = Frame(None, 0, 0)
        self._notes: dict[int, tuple[BaseException, int]] = {}

    def recompute(self, control: int) -> None:
        """Control once a test is over: as before it, but for what may have been left."""
        self.c = control | self.raises | self.frame.tests()

    def leak(self, exits: int, tags: int) -> None:
        """A test decides whether the program leaves: what follows hangs on it."""
        for way in (Exits.CONTINUE, Exits.BREAK, Exits.RETURN):
            if exits & way:
                self.frame.left[way] = self.frame.left.get(way, 0) | tags
        if exits & Exits.RAISE:
            self.raises |= tags
        if exits:
            self.c |= tags

    def note(self, error: BaseException, tags: int) -> None:
        """What a failure hangs on, unless that is known from further in."""
        self._notes.setdefault(id(error), (error, tags))

    def noted(self, error: BaseException) -> int:
        """What a failure hangs on."""
        found = self._notes.get(id(error))
        return found[1] if found else self.risk
