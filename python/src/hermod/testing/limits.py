"""How much a run of a program may take; more says nothing about the paralleliser (O3)."""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Iterator
from types import FrameType

from hermod.testing.functions import TooManyCalls

#: Of processor time, one run.
SECONDS = 20.0
#: Of addresses, one process that runs programs.
MEMORY = 2 << 30


class TooLong(BaseException):
    """The program has had its time. It cannot catch this."""


#: How a run ends that takes more than it may.
OUTGROWN = (MemoryError, TooLong, TooManyCalls)


def limit_memory(size: int = MEMORY) -> None:
    """Of this process and those that it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size, most))


@contextlib.contextmanager
def limited_time(seconds: float = SECONDS) -> Iterator[None]:
    """Raises `TooLong` in what is inside, again and again until it ends."""
    expired = False

    def expire(_signal: int, _frame: FrameType | None) -> None:
        nonlocal expired
        expired = True
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, expire)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    if expired:  # a task that nobody awaited kept it
        raise TooLong
