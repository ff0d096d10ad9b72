"""Calls of made-up functions, sleeps, and what awaits them: all happens at once, in order."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any

from hermod.errors import BadArguments, CallError
from hermod.testing.functions import (
    MOST_CALLS,
    Function,
    Plan,
    TooManyCalls,
    call_key,
    failure_of,
    result_of,
)
from hermod.testing.ideal.build import CannotTrace
from hermod.testing.ideal.iteration import Iteration
from hermod.testing.ideal.schedule import Node


class Issued:
    """A call that has been made. Its outcome is known at once."""

    def __init__(
        self, runtime: Issue, node: int, value: Any, error: CallError | None, needs: int = 0
    ) -> None:
        self.runtime, self.node = runtime, node
        #: An equal call may end sooner than this one is known to be made (E5).
        self._carried = node | needs
        self._value, self._error = value, error

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        runtime = self.runtime
        runtime.t = self._carried
        runtime.before |= self.node
        runtime.unsafe |= self.node
        if self._error:
            runtime.note(self._error, self.node | runtime.c)
            raise self._error
        return copy.deepcopy(self._value)


class Own:
    """An awaitable of ours: it says itself what its result carries."""

    def __init__(self, run: Callable[[], Awaitable[Any]]) -> None:
        self._run = run

    def __await__(self) -> Generator[Any, None, Any]:
        return self._run().__await__()


@dataclass
class _Resource:
    """Order within one state (H3)."""

    epoch: int = 0
    reads: int = 0
    write: int = 0
    #: Tests that decided whether there was a read or a write.
    maybe_read: int = 0
    maybe_write: int = 0


class Issue(Iteration):
    """What a call hangs on."""

    def __init__(self, catalog: dict[str, Function], plan: Plan) -> None:
        super().__init__()
        self._catalog, self._plan = catalog, plan
        self._resources: dict[str, _Resource] = {}
        self._equal: dict[str, int] = {}
        self._sleeps = 0
        self._done: dict[int, tuple[Any, int, int]] = {}
        self.nodes: list[Node] = []
        self.line = 0

    def issue(self, name: str, values: dict[str, Any], tags: int) -> Issued:
        """`hermod.call`"""
        self.t = 0
        if len(self.nodes) > MOST_CALLS:
            raise TooManyCalls
        values = copy.deepcopy(values)
        function = self._catalog.get(name)
        if function is None:
            error = BadArguments(name, "unknown function")
            return Issued(self, 0, None, error)
        needs = tags | self.c
        resource = self._resources.setdefault(function.state, _Resource())
        if function.effect == "write":
            resource.epoch += 1
            needs |= self.unsafe
        stateful = function.effect in {"read", "write"}
        key = call_key(function, values, resource.epoch if stateful else 0)
        failed = key in self._plan.failing
        if function.effect == "pure" and not failed and key in self._equal:
            number = self._equal[key]
            self.nodes[number].ways.append(needs)
        else:
            number = self._add(Node("call", key, name, self.line, self._plan.latency(key)), needs)
        self._order(function, resource, number)
        if function.effect == "pure" and not failed:
            self._equal.setdefault(key, number)
        if failed:
            return Issued(self, 1 << number, None, failure_of(function, key))
        shared = needs if function.effect == "pure" else 0
        return Issued(self, 1 << number, result_of(function, key, self._plan), None, shared)

    def _add(self, node: Node, needs: int) -> int:
        node.ways.append(needs)
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _order(self, function: Function, resource: _Resource, number: int) -> None:
        """E2: reads and writes of one state in order; none across a sleep."""
        bit, node = 1 << number, self.nodes[number]
        if function.effect == "read":
            node.ways[-1] |= resource.write | resource.maybe_write | self._sleeps
            resource.reads |= bit
        elif function.effect == "write":
            node.ways[-1] |= resource.write | resource.reads | self._sleeps
            node.ways[-1] |= resource.maybe_write | resource.maybe_read
            resource.reads, resource.write = 0, bit

    def undecided(self, tags: int, names: tuple[str, ...]) -> None:
        """A test decided whether these were called: the order within their states hangs on it."""
        for name in names:
            function = self._catalog.get(name)
            if function is None or function.effect not in {"read", "write"}:
                continue
            resource = self._resources.setdefault(function.state, _Resource())
            if function.effect == "read":
                resource.maybe_read |= tags
            else:
                resource.maybe_write |= tags

    async def sleep(self, seconds: float, result: Any, tags: int) -> Any:
        """In place (A3): after everything awaited before."""
        needs = tags | self.c | self.before
        for resource in self._resources.values():
            needs |= resource.reads | resource.write
        node = Node("sleep", f"sleep({seconds})", "sleep", self.line, max(0.0, seconds))
        bit = 1 << self._add(node, needs)
        self._sleeps = bit
        self.before |= bit
        self.t = 0
        return result

    def plain_await(self, value: Any, tags: int) -> Awaitable[Any]:
        """What stands in the place of an awaited expression."""
        return Own(lambda: self._waiting(value, tags))

    before_await = plain_await

    def after_await(self, value: Any) -> Any:
        return value

    async def _waiting(self, value: Any, tags: int) -> Any:
        frame, depth = self.frame, len(self.stack)
        known = self._done.get(id(value))
        self.t = 0
        result = await value
        if known:
            _, self.t, made = known
            self.before |= made
            self.unsafe |= made
        if self.frame is not frame:
            self.frame = frame
            del self.stack[depth:]
        self.t |= tags
        return result

    async def in_place(self, value: Any, tags: int) -> Any:
        """`wait_for`: after everything awaited before (A3)."""
        control, self.c = self.c, self.c | self.before
        if isinstance(value, Issued) and value.node:
            self.nodes[value.node.bit_length() - 1].ways[-1] |= self.before
        try:
            return await self._waiting(value, tags)
        finally:
            self.c = control | self.raises

    # Concurrency of the input.

    def apart(self, work: Any, tags: int) -> asyncio.Future[Any]:
        """Runs it at once, as if nothing before it had been awaited since it was made."""
        saved = self.c, self.frame, self.raises, self.unsafe, self.before, self.risk, self._sleeps
        depth, count = len(self.stack), len(self.nodes)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.t = 0
        try:
            future.set_result(drive(work, self.line))
        except (Exception, asyncio.CancelledError) as error:
            future.set_exception(error)
            future.exception()
            self.t = self.noted(error)
        result_tags = self.t | tags
        made = (1 << len(self.nodes)) - (1 << count)
        self.c, self.frame, self.raises, self.unsafe, self.before, self.risk, self._sleeps = saved
        del self.stack[depth:]
        self._done[id(future)] = future, result_tags, made
        self.t = 0
        return future

    async def together(self, works: list[tuple[Any, int]], *, keep_errors: bool) -> list[Any]:
        """`gather`"""
        started = [self._started(work, tags) for work, tags in works]
        values, carried = [], []
        for future in started:
            try:
                values.append(await self._waiting(future, 0))
            except Exception as error:
                if not keep_errors:
                    raise
                values.append(error)
                self.t = self.noted(error)
            carried.append(self.t)
        self.t = 0
        made = self.shadows.set_items(values, carried)
        assert isinstance(made, list)
        return made

    def _started(self, work: Any, tags: int) -> Any:
        if isinstance(work, (Issued, asyncio.Future)):
            return work
        return self.apart(work, tags)


def drive(work: Awaitable[Any], line: int) -> Any:
    """Runs a coroutine to its end, which nothing here delays."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as stop:
        return stop.value
    steps.close()
    raise CannotTrace(line, "tasks that wait for each other")


def is_coroutine(value: Any) -> bool:
    return isinstance(value, Coroutine)
