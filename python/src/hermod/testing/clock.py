"""An event loop whose time passes only when there is nothing left to do at the present one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Deadlock(RuntimeError):
    """Everybody waits and nothing will ever happen."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer as soon as nothing is ready."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self.complaints: list[str] = []
        self.set_exception_handler(self._complain)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def _complain(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.complaints.append(str(context.get("message")))

    def _run_once(self) -> None:
        ready: Any = self._ready  # type: ignore[attr-defined]
        scheduled: Any = self._scheduled  # type: ignore[attr-defined]
        if not ready:
            # What was cancelled may still be the first of them, and nobody is to wait for it.
            waiting = [timer.when() for timer in scheduled if not timer.cancelled()]
            if not waiting:
                raise Deadlock("everybody waits and nothing will ever happen")
            self._now = max(self._now, min(waiting))
        super()._run_once()  # type: ignore[misc]


def run_virtually(loop: VirtualLoop, main: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` does, on `loop`."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main)
