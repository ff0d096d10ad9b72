"""Issue early, await in place (SEMANTICS A1, H5): what runs ahead fails where the serial program
awaits it and nowhere else, and is abandoned in silence if that is never reached."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Item = TypeVar("Item")
Items = Iterable[Item] | Awaitable[Iterable[Item]]
guessing: ContextVar[ahead | None] = ContextVar("guessing", default=None)


async def gather(*aws: Awaitable[Any]) -> list[Any]:
    """The results of `aws`, which run at once; fails as awaiting them one by one would (A1)."""
    async with ahead() as early:
        started = {id(aw): early.start(aw) for aw in {id(aw): aw for aw in aws}.values()}
        return [await started[id(aw)] for aw in aws]


class Started(Generic[T]):
    """Work that runs ahead. Any number of tasks may await it; its failure is kept until then."""

    def __init__(self, task: asyncio.Task[asyncio.Future[T]]) -> None:
        self._task = task

    def __await__(self) -> Generator[Any, None, T]:
        return (yield from asyncio.shield(self._task).__await__()).result()


class ahead:  # noqa: N801 - read as `async with hermod.ahead() as early:`
    """A scope for work that runs ahead. Leaving it by any way abandons what is unfinished, and
    returns once that has unwound; what the body raised goes on (A2). With `speculate`, its calls
    are guesses (E3): at most so many, or for so much money, that the body has not made itself."""

    def __init__(self, *, window: int = 64, speculate: int | str = 0) -> None:
        if window < 1:
            raise ValueError(f"window must be at least 1, not {window}")
        self.window, self.speculate, self._ended = window, speculate, False
        self._running: dict[Any, None] = {}  # tasks, in the order of their start

    async def __aenter__(self) -> ahead:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ended = True
        for task in self._running:
            task.cancel()
        interrupted = False
        while self._running and kind is not GeneratorExit:  # a closed coroutine may not await
            try:
                await asyncio.wait(self._running)
            except asyncio.CancelledError:
                interrupted = True  # unwinding comes first
        if interrupted:
            raise asyncio.CancelledError

    def start(self, coroutine: Awaitable[T]) -> Started[T]:
        """Runs `coroutine` from now on. No bound: one on those who await others deadlocks (H4)."""
        if self._ended:
            self._forget(coroutine)
            raise RuntimeError("this ahead() has ended: start work inside its `async with`")
        task = asyncio.get_running_loop().create_task(_keep(coroutine, self))
        self._running[task] = None
        task.add_done_callback(partial(self._forget, coroutine))
        return Started(task)

    def each(self, body: Callable[[Item], Awaitable[T]], items: Items[Item]) -> AsyncIterator[T]:
        """`body(item)` for each item, from now on, up to `window` of them ahead of the loop.
        In the order of the items: item k's failure is raised at step k, and ends the loop."""
        return _Loop(self, body, items)

    def _forget(self, work: Awaitable[Any], task: asyncio.Task[Any] | None = None) -> None:
        self._running.pop(task, None)
        if asyncio.iscoroutine(work):
            work.close()  # cancelled before its first step: Python would warn that it never ran


async def _keep(work: Awaitable[T], scope: ahead) -> asyncio.Future[T]:
    guessing.set(scope if scope.speculate else guessing.get())
    kept: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    try:
        kept.set_result(await work)
    except (asyncio.CancelledError, KeyboardInterrupt, GeneratorExit):  # not kept for later
        raise
    except BaseException as error:
        kept.set_exception(error)
        kept.exception()  # seen: nothing is to be logged about it
    return kept


async def _step(body: Callable[[Item], Awaitable[T]], item: Item) -> T:
    return await body(item)


class _Loop(AsyncIterator[T]):
    """At most `scope.window` steps have been started and not yet been asked for."""

    def __init__(self, scope: ahead, body: Callable[[Any], Any], items: Items[Any]) -> None:
        self._scope, self._body = scope, body
        self._end: Exception = StopAsyncIteration()  # or what walking along the items raised
        self._items: deque[Any] = deque()
        self._started: deque[Started[T]] = deque()
        self._taking: Started[None] | None = None
        if isinstance(items, Awaitable):
            self._taking = scope.start(self._take_later(items))
        else:
            self._take(items)

    async def _take_later(self, items: Awaitable[Iterable[Any]]) -> None:
        self._take(await items)

    def _take(self, items: Iterable[Any]) -> None:
        try:
            self._items.extend(items)  # as they are now (A6)
        except Exception as error:
            self._end = error
        self._fill()

    async def __anext__(self) -> T:
        if self._taking:
            await self._taking
        if not self._started:
            raise self._end
        try:
            result = await self._started[0]
        except BaseException:
            self._abandon()
            raise
        self._started.popleft()
        self._fill()
        return result

    def _fill(self) -> None:
        while self._items and len(self._started) < self._scope.window:
            self._started.append(self._scope.start(_step(self._body, self._items.popleft())))

    def _abandon(self) -> None:
        self._items.clear()
        self._end = StopAsyncIteration()
        while self._started:
            self._started.popleft()._task.cancel()

    __del__ = _abandon  # left by `break`: nobody will ask again
