"""The worker's conversation with the gateway: hello, load, grants, results, acknowledgements."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hermod.function import Declaration
from hermod.worker import devices
from hermod.worker.blobs import Blobs, MissingBlobError, Originals
from hermod.worker.connection import Connection, ConnectionRefused
from hermod.worker.devices import Device
from hermod.worker.ending import (
    ALONE_S,
    EXIT_ALONE,
    EXIT_BROKEN,
    EXIT_DEADLINE,
    EXIT_REFUSED,
    EXIT_STOPPED,
    KEEPING_ALONE_S,
    leave,
)
from hermod.worker.execution import Execution
from hermod.worker.leases import Call, CallRef, Lease, Leases, packed_result, result_frames
from hermod.worker.marshal import blobs_of
from hermod.worker.outcomes import Outcomes

_HEARTBEATS = 3
"""A gateway that is silent for so many is taken for dead."""
_BACK_OFF_S = (0.05, 2.0)
_WATCH_S = 0.25


@dataclass(frozen=True)
class Identity:
    """What a worker says of itself."""

    function: str
    version: str
    description: str
    token: str


@dataclass
class Worker:
    """One process's state; everything here runs on the loop."""

    url: str
    identity: Identity
    declaration: Declaration
    execution: Execution
    blobs: Blobs
    originals: Originals
    leases: Leases = field(default_factory=Leases)
    devices: dict[str, Device] = field(default_factory=dict)
    epoch: int = 0
    connection: Connection | None = None
    stopping: bool = False

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._loading: dict[str, asyncio.Task[devices.Loaded]] = {}
        self._gateway_near = asyncio.Event()
        self._alone_since = time.monotonic()
        self._changed = asyncio.Event()
        self._pieces: dict[int, list[Call]] = {}
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    async def serve(self) -> int:
        """Until stopped or refused; the exit code. Dials again whenever the gateway is gone."""
        watchdog = asyncio.create_task(self._watch())
        back_off, longest = _BACK_OFF_S
        while not watchdog.done():
            try:
                connection = await Connection.dial(self.url, self._hello(), self._receive)
            except ConnectionRefused as error:
                print(f"{self.identity.function}: refused by the gateway: {error}", file=sys.stderr)
                return EXIT_REFUSED
            except (OSError, TimeoutError):
                await asyncio.wait({watchdog}, timeout=back_off)
                back_off = min(2 * back_off, longest)
                continue
            connected_at = time.monotonic()
            await self._converse(connection, watchdog)
            if time.monotonic() - connected_at > longest:
                back_off = _BACK_OFF_S[0]
            else:
                await asyncio.wait({watchdog}, timeout=back_off)
        return watchdog.result()

    async def _converse(self, connection: Connection, watchdog: asyncio.Task[int]) -> None:
        """Until one of the two ends."""
        self.connection = connection
        self.epoch = max(self.epoch, connection.welcome["epoch"])
        self._pieces.clear()  # granted again, from their beginning
        self._gateway_near.set()
        for frame in self.leases.offers():
            connection.send_packed(frame)
        heartbeat = asyncio.create_task(self._heartbeat(connection))
        either: set[asyncio.Future[Any]] = {connection.closed, watchdog}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        heartbeat.cancel()
        self.connection = None
        self._alone_since = time.monotonic()

    def _hello(self) -> dict[str, Any]:
        hello = {
            "function": self.identity.function,
            "version": self.identity.version,
            "description": self.identity.description,
            "token": self.identity.token,
            "pid": os.getpid(),
            "running": [lease.number for lease in self.leases.running()],
            "unacknowledged": [ref._asdict() for ref in self.leases.unacknowledged()],
        }
        return {"worker": hello}

    def _send(self, kind: str, body: dict[str, Any]) -> None:
        if self.connection is not None:
            self.connection.send(kind, body)

    def log(self, call: CallRef, text: str) -> None:
        """What a call has printed; from any thread. Before its result, where it was before."""
        body = {"call": call._asdict(), "line": text}
        if threading.get_ident() == self._thread:
            self._send("log", body)
        else:
            self._loop.call_soon_threadsafe(self._send, "log", body)

    # What the gateway says.

    def _receive(self, kind: str, body: dict[str, Any]) -> None:
        match kind:
            case "grant":
                self._grant(body)
            case "ack":
                self.leases.acknowledge([CallRef.read(call) for call in body["calls"]])
                self._note_progress()
            case "cancel":
                self.leases.withdraw([CallRef.read(call) for call in body["calls"]])
            case "load":
                self._start(self._load(body["device"]))
            case "unload":
                self._start(self._unload(body["device"]))
            case "stop":
                self.begin_stop(body["grace_ms"] / 1000)
            case "ping":
                self._send("pong", devices.memory())
            case "pong":
                pass
            case _:
                raise ValueError(f"the gateway sent a frame of unknown kind {kind!r}")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if (error := task.exception()) is not None:
            # Whatever was lost with it, the gateway learns of by the death of the process.
            traceback.print_exception(error, file=sys.stderr)
            leave(EXIT_BROKEN, f"a mistake in hermod: {error!r}")

    async def _load(self, grant: dict[str, Any]) -> None:
        """Once, however often it is asked for: a gateway asks again after a reconnect."""
        device = grant["id"]
        if device not in self._loading:
            work = asyncio.to_thread(devices.load, self.declaration, grant)
            self._loading[device] = asyncio.create_task(work)
        try:
            loaded = await asyncio.shield(self._loading[device])
        except BaseException as error:  # whatever the author's `__init__` raised
            self._loading.pop(device, None)
            traceback.print_exception(error, file=sys.stderr)
            message = f"{type(error).__name__}: {error}"
            self._send("load_failed", {"device": device, "message": message})
            return
        self.devices[device] = loaded.device
        report = {"load_ns": loaded.load_ns, "memory_bytes": loaded.memory_bytes}
        self._send("loaded", {"device": device, **report})

    async def _unload(self, device: str) -> None:
        self.devices.pop(device, None)
        self._loading.pop(device, None)
        await asyncio.to_thread(devices.unload)

    # Grants and results.

    def _grant(self, grant: dict[str, Any]) -> None:
        if grant["epoch"] < self.epoch or self.stopping:
            why = "the worker is stopping" if self.stopping else f"epoch {self.epoch} is in force"
            print(
                f"lease {grant['lease']} of epoch {grant['epoch']} refused: {why}", file=sys.stderr
            )
            return
        self.epoch = grant["epoch"]
        deadline = time.monotonic() + grant["deadline_ms"] / 1000
        calls = [Call.read(call) for call in grant["calls"]]
        if grant.get("more", False):
            self._pieces.setdefault(grant["lease"], []).extend(calls)
            return
        calls = [*self._pieces.pop(grant["lease"], []), *calls]
        lease = Lease(grant["lease"], grant["device"], calls, deadline)
        if self.leases.add(lease):
            self._start(self._execute(lease))

    async def _execute(self, lease: Lease) -> None:
        device = self.devices.get(lease.device)
        if device is None:
            self._fail(lease, lease.calls, "raised", f"nothing is loaded on {lease.device}")
        else:
            ready, originals = await self._with_originals(lease)
            outcomes = Outcomes(lease, self.blobs, self._offer)
            units = self.execution.units(ready)
            work = [self._unit(lease, device, unit, originals, outcomes) for unit in units]
            await (work[0] if len(work) == 1 else asyncio.gather(*work))
            await outcomes.sent()
        if lease.running:  # some calls were withdrawn
            lease.running = False
            self._offer(lease, [])
        self.leases.forget_if_done(lease)
        self._note_progress()

    async def _with_originals(self, lease: Lease) -> tuple[list[Call], dict[str, Any]]:
        """The calls whose images are there, and those images; the other calls fail."""
        ready, originals = [], {}
        for call in lease.calls:
            try:
                for blob in blobs_of(call.arguments):
                    originals[blob] = await self.originals.fetch(blob)
            except MissingBlobError as error:
                self._fail(lease, [call], "bad_arguments", str(error))
            else:
                ready.append(call)
        return ready, originals

    async def _unit(
        self,
        lease: Lease,
        device: Device,
        calls: list[Call],
        originals: dict[str, Any],
        outcomes: Outcomes,
    ) -> None:
        async with device.slots:
            await self._gateway_near.wait()
            outcomes.started()
            await self.execution.run(lease, device, calls, originals, outcomes.report)
            outcomes.ended()
        if originals:
            self.originals.shrink()

    def _fail(self, lease: Lease, calls: list[Call], kind: str, message: str) -> None:
        outcome = {"Err": {"kind": kind, "message": message}}
        results = {call.ref: packed_result(call.ref, outcome) for call in calls}
        lease.keep(results)
        self._offer(lease, list(results.values()))

    def _offer(self, lease: Lease, results: list[bytes]) -> None:
        if self.connection is not None:
            for frame in result_frames(lease, results):
                self.connection.send_packed(frame)

    # Staying alive, and not.

    async def _heartbeat(self, connection: Connection) -> None:
        heartbeat_s = connection.welcome["heartbeat_ms"] / 1000
        loop = asyncio.get_running_loop()
        while loop.time() - connection.last_heard < _HEARTBEATS * heartbeat_s:
            connection.send("ping", {})
            await asyncio.sleep(heartbeat_s)
        connection.abort("the gateway is silent")

    async def _watch(self) -> int:
        """Ends with an exit code when it is time to go; ends the process for what cannot wait."""
        while not (self.stopping and self._is_empty()):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _WATCH_S)
            self._changed.clear()
            if self.connection is None:
                self._alone(time.monotonic())
        return EXIT_STOPPED

    def _is_empty(self) -> bool:
        return not self.leases.running() and not self.leases.unacknowledged()

    def _alone(self, now: float) -> None:
        alone_s = now - self._alone_since
        if alone_s > ALONE_S:
            self._gateway_near.clear()
        if any(lease.deadline < now for lease in self.leases.running()):
            leave(EXIT_DEADLINE, "a deadline passed and the gateway is gone")
        patience_s = ALONE_S if self._is_empty() else KEEPING_ALONE_S
        if alone_s > patience_s:
            leave(EXIT_ALONE, f"no gateway for {alone_s:.0f} s")

    def _note_progress(self) -> None:
        if self.stopping:
            self._changed.set()

    def begin_stop(self, grace_s: float) -> None:
        """Takes no more grants; what was granted may finish and be acknowledged, for so long."""
        self.stopping = True
        self._changed.set()
        self._start(self._stop(grace_s))

    async def _stop(self, grace_s: float) -> None:
        await asyncio.sleep(grace_s)
        leave(EXIT_STOPPED, f"stopped after {grace_s:g} s with calls unfinished")
