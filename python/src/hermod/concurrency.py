"""Issue early, await in place (SEMANTICS A1, H5): work that runs ahead is awaited where the serial
program awaits it, fails there and nowhere else, and is abandoned in silence if that is never reached."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Item = TypeVar("Item")

# What ends a task from outside is not kept for later; everything else waits for its place (A3).
_FROM_OUTSIDE = (asyncio.CancelledError, KeyboardInterrupt, GeneratorExit)


async def gather(*aws: Awaitable[Any]) -> list[Any]:
    """The results of `aws`, which run at once. The first failure in the order of the arguments is
    raised, after everything before it has succeeded; the rest is abandoned."""
    async with ahead() as early:
        started = {id(work): early.start(work) for work in aws}
        return [await started[id(work)] for work in aws]


class Started(Generic[T]):
    """Work that runs ahead. Await it any number of times, from any number of tasks: cancelling one
    of them does not cancel it. Its failure is kept until then."""

    def __init__(self, task: asyncio.Task[tuple[T | None, BaseException | None]]) -> None:
        self._task = task

    def __await__(self) -> Generator[Any, None, T]:
        value, error = yield from asyncio.shield(self._task).__await__()
        if error is None:
            return value  # type: ignore[return-value]
        try:
            raise error
        finally:
            del error  # else it would hold this frame, and this frame it


class ahead:  # noqa: N801 - read as `async with hermod.ahead() as early:`
    """A scope for work that runs ahead. Leaving it by any way abandons what is unfinished, and
    returns once that has unwound; what the body raised goes on (A2)."""

    def __init__(self, *, window: int = 64) -> None:
        if window < 1:
            raise ValueError(f"window must be at least 1, not {window}")
        self.window = window
        self._running: set[asyncio.Task[Any]] = set()
        self._ended = False

    async def __aenter__(self) -> ahead:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ended = True
        for task in self._running:
            task.cancel()
        interrupted: BaseException | None = None
        while self._running and kind is not GeneratorExit:  # a closed coroutine may not await
            try:
                await asyncio.wait(self._running)
            except asyncio.CancelledError as cancelled:
                interrupted = cancelled  # unwinding comes first
        if interrupted is not None:
            raise interrupted

    def start(self, coroutine: Awaitable[T]) -> Started[T]:
        """Runs `coroutine` from now on. Without a bound: it may await others that are started here,
        and a bound on those who wait for each other is a deadlock (H4)."""
        if self._ended:
            _discard(coroutine)
            raise RuntimeError("this ahead() has ended: start work inside its `async with`")
        task = asyncio.get_running_loop().create_task(_keep(coroutine))
        self._running.add(task)
        task.add_done_callback(lambda done: self._forget(done, coroutine))
        return Started(task)

    def each(self, body: Callable[[Item], Awaitable[T]], items: Iterable[Item]) -> AsyncIterator[T]:
        """`body(item)` for each item, up to `window` of them ahead of the loop. Results come in the
        order of the items; item k's failure is raised at step k, and ends the loop."""
        return _Loop(self, body, _as_at_entry(items))

    def _forget(self, task: asyncio.Task[Any], work: Awaitable[Any]) -> None:
        self._running.discard(task)
        _discard(work)  # cancelled before its first step: Python would warn that it never ran
        if not task.cancelled():
            task.exception()  # seen: nothing is to be logged about it


async def _keep(work: Awaitable[T]) -> tuple[T | None, BaseException | None]:
    try:
        return await work, None
    except _FROM_OUTSIDE:
        raise
    except BaseException as error:
        return None, error


def _discard(work: Awaitable[Any]) -> None:
    if inspect.iscoroutine(work):
        work.close()


def _as_at_entry(items: Iterable[Item]) -> Iterator[Item | Exception]:
    """The items as they are at loop entry (A6); last, if iterating them raised, what it raised."""
    fixed: list[Item | Exception] = []
    source = iter(items)
    try:
        fixed.extend(source)
    except Exception as error:
        fixed.append(_Failed(error))
    return iter(fixed)


class _Failed(Exception):
    """Stands where iterating the items raised `args[0]`."""


class _Loop(AsyncIterator[T], Generic[Item, T]):
    """At most `scope.window` bodies have been started and not yet been asked for."""

    def __init__(
        self, scope: ahead, body: Callable[[Any], Awaitable[T]], items: Iterator[Any]
    ) -> None:
        self._scope, self._body, self._items = scope, body, items
        self._started: deque[Started[T]] = deque()

    async def __anext__(self) -> T:
        self._fill()
        if not self._started:
            raise StopAsyncIteration
        try:
            result = await self._started[0]
        except BaseException:
            self._abandon()
            raise
        self._started.popleft()
        self._fill()
        return result

    def _fill(self) -> None:
        while (
            len(self._started) < self._scope.window
            and (item := next(self._items, self)) is not self
        ):
            self._started.append(self._scope.start(self._step(item)))

    async def _step(self, item: Any) -> T:
        if isinstance(item, _Failed):
            raise item.args[0]
        return await self._body(item)

    def _abandon(self) -> None:
        self._items = iter(())
        while self._started:
            self._started.pop()._task.cancel()

    __del__ = _abandon  # left by `break`: nobody will ask again
