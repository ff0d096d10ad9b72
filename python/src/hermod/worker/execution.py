"""Calls the author's code: singly or in batches, in threads or on the loop; every way it may end.

What comes out is one outcome per call, always: an exception is the outcome `raised`, and a batch
form that raises is run once more for each item alone (RUNTIME J8).
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from hermod.context import _current
from hermod.function import Declaration, Failure
from hermod.images import Original
from hermod.values import NotAValueError
from hermod.worker.devices import Device
from hermod.worker.leases import Call, CallRef, Lease, packed_result
from hermod.worker.marshal import ArgumentsError, Marshal, encoded_result, is_light
from hermod.worker.printed import executing, printed

Report = Callable[["Executed"], None]
Item = tuple[Call, dict[str, Any]]
"""A call with its arguments as the author gets them."""
_LONGEST_ON_LOOP_S = 0.001
"""Calls that never wait are executed one after the other for so long before the loop has its turn:
what they gave leaves together, and neither it nor a heartbeat waits for long."""


class Executed(NamedTuple):
    """A call's outcome, packed, and blobs that must be stored before it is sent."""

    ref: CallRef
    result: bytes
    blobs: dict[str, bytes]


class Execution:
    """Of one function: knows its form, not the gateway."""

    def __init__(self, declaration: Declaration, marshal: Marshal) -> None:
        self.declaration = declaration
        self._marshal = marshal
        self.is_async = inspect.iscoroutinefunction(declaration.implementation)

    def units(self, calls: list[Call]) -> list[list[Call]]:
        """What takes a slot of the device together: a batch, a row of calls, or one call."""
        if self.declaration.batched or self.declaration.concurrency == 1:
            return [calls]
        return [[call] for call in calls]

    async def run(
        self,
        lease: Lease,
        device: Device,
        calls: list[Call],
        originals: dict[str, Original],
        report: Report,
    ) -> None:
        """Executes one unit; `report` is called on the loop, for every call not withdrawn."""
        unit = _Unit(self, lease, device, calls, originals)
        if self.declaration.batched:
            await unit.batch(report)
        elif self.is_async:
            await unit.row_async(report)
        else:
            await _in_thread(unit.row, _FromThread(report).report)

    def arguments(self, call: Call, originals: dict[str, Original]) -> dict[str, Any]:
        """The author's arguments of one call."""
        return self._marshal.arguments(call.arguments, originals)


@dataclass
class _Unit:
    execution: Execution
    lease: Lease
    device: Device
    calls: list[Call]
    originals: dict[str, Original]

    # One call after the other.

    def row(self, report: Report) -> None:
        for call in self.calls:
            if call.ref not in self.lease.withdrawn:
                report(self._one(call))

    def _one(self, call: Call) -> Executed:
        try:
            arguments = self.execution.arguments(call, self.originals)
            self._enter([call])
            return self._ended(call, self.device.serve(**arguments))
        except BaseException as error:
            return self._failed(call, error)
        finally:
            printed.finish((call.ref,))

    async def row_async(self, report: Report) -> None:
        # Every call is awaited here and not in a task of its own: most of them never wait.
        task = asyncio.current_task()
        assert task is not None, "a coroutine of asyncio runs in a task"
        rest_at = time.monotonic() + _LONGEST_ON_LOOP_S
        for call in self.calls:
            if call.ref in self.lease.withdrawn:
                continue
            executed = await self._one_async(call, task)
            if executed is not None:
                report(executed)
            if time.monotonic() > rest_at:
                await asyncio.sleep(0)
                rest_at = time.monotonic() + _LONGEST_ON_LOOP_S

    async def _one_async(self, call: Call, task: asyncio.Task[Any]) -> Executed | None:
        try:
            arguments = self.execution.arguments(call, self.originals)
            self._enter([call])
            self.lease.in_loop[call.ref] = task
            return self._ended(call, await self.device.serve(**arguments))
        except asyncio.CancelledError as error:
            # It ends the call; the row goes on.
            while task.cancelling():
                task.uncancel()
            if call.ref in self.lease.withdrawn:
                return None
            return self._failed(call, error)
        except BaseException as error:
            return self._failed(call, error)
        finally:
            self.lease.in_loop.pop(call.ref, None)
            printed.finish((call.ref,))

    # All at once.

    async def batch(self, report: Report) -> None:
        items = self._items(report)
        if not items:
            return
        try:
            results = self._checked(items, await self._serve(items))
            printed.finish(tuple(call.ref for call, _ in items))
        except BaseException as error:  # whatever it is, it is the calls' outcome
            if len(items) == 1:
                report(self._failed(items[0][0], error))
                return
            self._log(f"a batch of {len(items)} raised, its calls run singly", error)
            for call, _ in items:
                await replace(self, calls=[call]).batch(report)
            return
        if is_light(results):
            ended = self._all_ended(items, results)
        else:
            ended = await _in_thread(self._all_ended, items, results)
        for executed in ended:
            report(executed)

    def _items(self, report: Report) -> list[Item]:
        items = []
        for call in self.calls:
            if call.ref in self.lease.withdrawn:
                continue
            try:
                items.append((call, self.execution.arguments(call, self.originals)))
            except Exception as error:
                report(self._failed(call, error))
        return items

    async def _serve(self, items: list[Item]) -> Any:
        self._enter([call for call, _ in items])
        names = items[0][1].keys()
        columns = {name: [arguments[name] for _, arguments in items] for name in names}
        if self.execution.is_async:
            return await self.device.serve(**columns)
        return await _in_thread(lambda: self.device.serve(**columns))

    def _checked(self, items: list[Item], results: Any) -> list[Any]:
        if not isinstance(results, list | tuple) or len(results) != len(items):
            count = len(results) if isinstance(results, list | tuple) else type(results).__name__
            raise TypeError(f"a batch of {len(items)} calls gave {count} results")
        return list(results)

    # How a call ends.

    def _enter(self, calls: list[Call]) -> None:
        first = calls[0]
        _current.set(self.device.context(first.attempt, first.idempotency_key))
        executing.set((first.ref,) if len(calls) == 1 else tuple(call.ref for call in calls))

    def _all_ended(self, items: list[Item], results: list[Any]) -> list[Executed]:
        ended = []
        for (call, _), result in zip(items, results, strict=True):
            try:
                ended.append(self._ended(call, result))
            except Exception as error:
                ended.append(self._failed(call, error))
        return ended

    def _ended(self, call: Call, result: Any) -> Executed:
        if isinstance(result, Failure):
            return _failure(call, "raised", result.message)
        value, blobs = encoded_result(result)
        return Executed(call.ref, packed_result(call.ref, {"Ok": value}), blobs)

    def _failed(self, call: Call, error: BaseException) -> Executed:
        if isinstance(error, ArgumentsError):
            return _failure(call, "bad_arguments", str(error))
        if isinstance(error, NotAValueError):
            return _failure(call, "raised", f"the result is not a value: {error}")
        self._log(f"call {call.ref}", error)
        message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _failure(call, "raised", message)

    def _log(self, what: str, error: BaseException) -> None:
        trace = "".join(traceback.format_exception(error))
        print(f"{self.execution.declaration.name}: {what}:\n{trace}", file=sys.stderr, end="")
        sys.stderr.flush()


class _FromThread:
    """Reports of a thread, brought to the loop: as many at a time as have come."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Executed] = deque()

    def report(self, executed: Executed) -> None:
        """On the thread."""
        self._waiting.append(executed)
        if len(self._waiting) == 1:
            self._loop.call_soon_threadsafe(self._bring)

    def _bring(self) -> None:
        while self._waiting:
            # It is taken off once it is reported: until then the thread need not wake the loop.
            self._report(self._waiting[0])
            self._waiting.popleft()


def _failure(call: Call, kind: str, message: str) -> Executed:
    outcome = {"Err": {"kind": kind, "message": message}}
    return Executed(call.ref, packed_result(call.ref, outcome), {})


async def _in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """As `asyncio.to_thread`, which would hand a StopIteration of the author's to the loop."""
    context = copy_context()
    caught: list[BaseException] = []

    def run() -> Any:
        try:
            return context.run(work, *arguments)
        except BaseException as error:  # raised again below
            caught.append(error)
            return None

    result = await asyncio.get_running_loop().run_in_executor(None, run)
    if caught:
        raise caught[0]
    return result
