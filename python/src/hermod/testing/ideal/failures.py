"""`try`, `with`, `raise`: what the statements of a rewritten program call."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hermod.errors import CallError
from hermod.testing.ideal.scopes import Exits
from hermod.testing.ideal.shadows import union
from hermod.testing.ideal.state import Frame, State


@dataclass(slots=True, eq=False)
class Try:
    """A `try` or `with` on its way."""

    control: int
    frame: Frame
    depth: int
    raises: int
    unsafe: int
    risk: int
    handled: bool
    catches: bool
    #: How its handlers leave: those of raised exceptions, and those of failed calls.
    exits: int = 0
    exits_of_calls: int = 0
    value: Any = None
    given: int = 0
    tags: int = 0
    failed: bool = False
    ambient: int = 0
    collected: int = 0
    unsafe_at_finally: int | None = None


class Failures(State):
    """E2: what a failure would have prevented; E3: where what is raised goes."""

    def open_try(
        self, types: Callable[[], tuple[Any, ...]], exits: tuple[int, ...], mistakable: bool
    ) -> Try:
        """`exits`: how each handler leaves. `mistakable`: a `raise` may look like a failed call."""
        handlers = types()
        catching = [way for kind, way in zip(handlers, exits, strict=True) if _covers(kind)]
        others = [way for kind, way in zip(handlers, exits, strict=True)
                  if mistakable or not _only_calls(kind)]  # fmt: skip
        made = self._open(bool(handlers), bool(catching))
        made.exits_of_calls = union(catching)
        made.exits = union(others) if others else Exits.RAISE  # goes through
        return made

    def _open(self, handled: bool, catches: bool) -> Try:
        made = Try(self.c, self.frame, len(self.stack), self.raises, self.unsafe, self.risk,
                   handled, catches)  # fmt: skip
        self.risk = 0
        if handled:
            self.raises = 0
        self.frame.attempts.append(made)
        return made

    def left_attempts(self, depth: int) -> None:
        """`return`, `break` or `continue` in a body: it came to its end, as far as it is tried."""
        while len(self.frame.attempts) > depth:
            self.close_try(self.frame.attempts[-1])

    def open_with(self, value: Any, tags: int) -> Try:
        suppressed = (
            getattr(value, "_exceptions", ()) if isinstance(value, contextlib.suppress) else ()
        )
        made = self._open(bool(suppressed), any(map(_covers, suppressed)))
        made.value, made.given = value, tags
        self.ambient, made.ambient = tags, self.ambient
        self.collected, made.collected = 0, self.collected
        return made

    def entered(self, attempt: Try) -> None:
        """The body of a `with` begins."""
        attempt.given |= self.collected
        self.ambient, self.collected = attempt.ambient, attempt.collected | self.collected
        if isinstance(attempt.value, asyncio.Timeout):
            self.c |= self.before  # in place (A3)

    def caught(self, attempt: Try, error: BaseException) -> None:
        """A handler begins: it hangs on the failure."""
        attempt.failed = True
        attempts = attempt.frame.attempts
        del attempts[attempts.index(attempt) + 1 :]
        attempt.tags |= self.raises | self.risk | (self.unsafe & ~attempt.unsafe)
        self.frame = attempt.frame
        del self.stack[attempt.depth :]
        self.t = self.noted(error)
        attempt.tags |= self.t
        self.raises, self.unsafe = attempt.raises, attempt.unsafe
        self.recompute(attempt.control | self.t)

    def last(self, attempt: Try) -> None:
        """`finally` begins: it runs whatever has failed."""
        self.frame = attempt.frame
        attempt.unsafe_at_finally = self.unsafe
        self.unsafe = attempt.unsafe
        self.recompute(attempt.control)

    def close_try(self, attempt: Try) -> None:
        if attempt in self.frame.attempts:
            del self.frame.attempts[self.frame.attempts.index(attempt) :]
        del self.stack[attempt.depth :]
        if attempt.unsafe_at_finally is not None:
            self.unsafe |= attempt.unsafe_at_finally
        if not attempt.failed:
            attempt.tags |= self.raises | self.risk | (self.unsafe & ~attempt.unsafe)
            tried = self.unsafe & ~attempt.unsafe
            explicit, self.raises = self.raises, attempt.raises
            self.leak(attempt.exits if attempt.handled else Exits.RAISE, explicit)
            if attempt.catches:
                self._survive(attempt.exits_of_calls, tried)
        self.risk |= attempt.risk
        self.recompute(attempt.control)

    def _survive(self, exits: int, tried: int) -> None:
        """Calls whose failure is handled prevent no more than the handler leaves out."""
        if exits & Exits.RAISE:
            return
        for way in (Exits.RETURN, Exits.BREAK, Exits.CONTINUE):
            if exits & way:
                prevented = self.frame.prevented
                prevented[way] = prevented.get(way, 0) | tried
                return
        self.unsafe &= ~tried

    def raised(self, value: Any, tags: int) -> Any:
        tags |= self.c | self.shadows.deep(value)
        if isinstance(value, BaseException):
            self.note(value, tags)
        self.risk |= tags
        return value

    def raise_again(self) -> None:
        """The failure's note says already what it hangs on."""


def _only_calls(kind: Any) -> bool:
    """Whether it catches nothing else than failures of calls."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return all(isinstance(one, type) and issubclass(one, CallError) for one in kinds)


def _covers(kind: Any) -> bool:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return any(isinstance(one, type) and issubclass(CallError, one) for one in kinds)
