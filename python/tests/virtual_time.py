"""An event loop whose clock jumps to the next timer: tests of hours run in milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Where the real one would sleep, the clock moves on."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everything waits and nothing will happen: a deadlock")
        if not ready and timeout is not None:
            self._loop.now += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Starts at 0. A program that waits for nothing that can happen is an error."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` in virtual time; what is logged or left behind is an error."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        complaints: list[Any] = []
        runner.get_loop().set_exception_handler(lambda _, context: complaints.append(context))
        result = runner.run(main)
        left = asyncio.all_tasks(runner.get_loop())
        assert not left, left
        assert not complaints, complaints
        return result
