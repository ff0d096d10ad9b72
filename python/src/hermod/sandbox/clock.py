"""What differs between runs is fixed or written down (SEMANTICS O2, RUNTIME J5): chance, clocks."""

from __future__ import annotations

import asyncio
import datetime
import random
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

_real_datetime = datetime.datetime
_real_date = datetime.date

_READINGS = (
    "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns",
    "process_time", "process_time_ns", "thread_time", "thread_time_ns",
)  # fmt: skip
_CONVERSIONS = ("localtime", "gmtime", "ctime")


class Clock:
    """Every reading that the program makes is reported; those of an earlier run are given again
    first, each clock's in their order."""

    def __init__(self, seed: int, observed: list[Any], report: Callable[[Any], None]) -> None:
        self._seed = seed
        self._report = report
        self._earlier: defaultdict[str, deque[Any]] = defaultdict(deque)
        for name, value in observed:
            self._earlier[name].append(value)

    def install(self) -> None:
        """In the modules that a program reads clocks and chance from."""
        random.seed(self._seed)
        chance = random.Random(f"uuid4 {self._seed}")  # noqa: S311 (repeatable is the point)
        uuid.uuid4 = lambda: uuid.UUID(int=chance.getrandbits(128), version=4)
        # The event loop's own readings are no part of the program.
        real_monotonic = time.monotonic
        setattr(asyncio.BaseEventLoop, "time", lambda _loop: real_monotonic())  # noqa: B010
        for name in _READINGS:
            setattr(time, name, self._recorded(f"time.{name}", getattr(time, name)))
        for name in _CONVERSIONS:
            setattr(time, name, _of_now(getattr(time, name)))
        strftime = time.strftime
        time.strftime = lambda form, *of: strftime(form, *(of or (time.localtime(),)))
        for name, stand_in in (("datetime", _datetime()), ("date", _date())):
            setattr(datetime, name, stand_in)

    def _recorded(self, name: str, read: Callable[[], Any]) -> Callable[[], Any]:
        earlier, report = self._earlier[name], self._report

        def reading() -> Any:
            if earlier:
                return earlier.popleft()
            value = read()
            report([name, value])
            return value

        reading.__name__ = read.__name__
        return reading


def _of_now(convert: Callable[..., Any]) -> Callable[..., Any]:
    def of(seconds: float | None = None) -> Any:
        return convert(time.time() if seconds is None else seconds)

    of.__name__ = convert.__name__
    return of


class _StandIn(type):
    """A class of this kind passes for the one that it stands for, whose instances it makes."""

    stands_for: type | None = None

    def __instancecheck__(cls, value: Any) -> bool:
        real: type | None = cls.__dict__.get("stands_for")
        return isinstance(value, real) if real else type.__instancecheck__(cls, value)

    def __subclasscheck__(cls, other: type) -> bool:
        real: type | None = cls.__dict__.get("stands_for")
        return issubclass(other, real) if real else type.__subclasscheck__(cls, other)

    def __eq__(cls, other: object) -> bool:
        return cls is other or (other is not None and cls.__dict__.get("stands_for") is other)

    def __hash__(cls) -> int:
        return hash(cls.__dict__.get("stands_for") or id(cls))


def _datetime() -> type:
    class Recorded(_real_datetime, metaclass=_StandIn):
        stands_for = _real_datetime

        def __new__(cls, *arguments: Any, **named: Any) -> Any:
            own = _real_datetime if cls is Recorded else cls
            return _real_datetime.__new__(own, *arguments, **named)

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _real_datetime.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return _real_datetime.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return _real_datetime.fromtimestamp(time.time())

    return _named_as(Recorded, _real_datetime)


def _date() -> type:
    class Recorded(_real_date, metaclass=_StandIn):
        stands_for = _real_date

        def __new__(cls, *arguments: Any, **named: Any) -> Any:
            return _real_date.__new__(_real_date if cls is Recorded else cls, *arguments, **named)

        @classmethod
        def today(cls) -> Any:
            return _real_date.fromtimestamp(time.time())

    return _named_as(Recorded, _real_date)


def _named_as(made: type, real: type) -> type:
    made.__name__, made.__qualname__ = real.__name__, real.__qualname__
    made.__module__ = real.__module__
    return made
