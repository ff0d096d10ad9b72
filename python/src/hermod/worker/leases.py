"""What was granted to this worker, and the results that are not yet acknowledged (J1, P3)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgpack

from hermod.constants import MAX_FRAME_BYTES

_ROOM_BYTES = 1024
"""In a frame, for everything but results."""


class CallRef(NamedTuple):
    """A call by its place in a task's journal."""

    task: int
    call: int

    @classmethod
    def read(cls, packed: dict[str, int]) -> CallRef:
        """From the wire."""
        return cls(packed["task"], packed["call"])

    def __str__(self) -> str:
        return f"{self.task}.{self.call}"


class Call(NamedTuple):
    """One call of a grant."""

    ref: CallRef
    attempt: int
    arguments: dict[str, Any]
    idempotency_key: str | None

    @classmethod
    def read(cls, packed: dict[str, Any]) -> Call:
        """From the wire."""
        key = packed.get("idempotency_key")
        return cls(CallRef.read(packed["call"]), packed["attempt"], packed["arguments"], key)


@dataclass
class Lease:
    """A granted batch, until its last result is acknowledged."""

    number: int
    device: str
    calls: list[Call]
    deadline: float
    """On the loop's clock."""
    running: bool = True
    settled: int = 0
    """Calls that have a result."""
    execute_ns: int = 0
    unacknowledged: dict[CallRef, bytes] = field(default_factory=dict)
    withdrawn: set[CallRef] = field(default_factory=set)
    in_loop: dict[CallRef, asyncio.Task[Any]] = field(default_factory=dict)
    """Async calls that can be cancelled."""

    def keep(self, results: dict[CallRef, bytes]) -> None:
        """Results of calls of this lease; with the last one it ends."""
        self.unacknowledged.update(results)
        self.settled += len(results)
        self.running = self.running and self.settled < len(self.calls)


class Leases:
    """All of them. Nothing is forgotten before the gateway said that it is durable."""

    def __init__(self) -> None:
        self._leases: dict[int, Lease] = {}

    def add(self, lease: Lease) -> bool:
        """False: it is here already, granted again after a reconnect."""
        if lease.number in self._leases:
            return False
        self._leases[lease.number] = lease
        return True

    def running(self) -> list[Lease]:
        """Those that are not finished."""
        return [lease for lease in self._leases.values() if lease.running]

    def unacknowledged(self) -> list[CallRef]:
        """Calls whose results are kept."""
        return [ref for lease in self._leases.values() for ref in lease.unacknowledged]

    def acknowledge(self, calls: list[CallRef]) -> None:
        """These are durable elsewhere."""
        durable = set(calls)
        for lease in list(self._leases.values()):
            for ref in durable.intersection(lease.unacknowledged):
                del lease.unacknowledged[ref]
            self.forget_if_done(lease)

    def forget_if_done(self, lease: Lease) -> None:
        """Ended and acknowledged: nothing is left to keep."""
        if not lease.running and not lease.unacknowledged:
            self._leases.pop(lease.number, None)

    def withdraw(self, calls: list[CallRef]) -> None:
        """Nobody waits for these: what has not started will not, what can be cancelled is."""
        for lease in self.running():
            for ref in calls:
                if any(call.ref == ref for call in lease.calls):
                    lease.withdrawn.add(ref)
                    if ref in lease.in_loop:
                        lease.in_loop[ref].cancel()

    def offers(self) -> list[bytes]:
        """Frames with every kept result, for after a reconnect."""
        return [
            frame
            for lease in self._leases.values()
            if lease.unacknowledged or not lease.running
            for frame in result_frames(lease, list(lease.unacknowledged.values()))
        ]


def packed_result(ref: CallRef, outcome: dict[str, Any]) -> bytes:
    """A result as it is kept and sent; what does not fit a frame becomes a failure."""
    result = {"call": {"task": ref.task, "call": ref.call}, "outcome": outcome}
    packed: bytes = msgpack.packb(result)
    if len(packed) > MAX_FRAME_BYTES - _ROOM_BYTES:
        message = f"the result has {len(packed)} bytes; at most {MAX_FRAME_BYTES} travel in one"
        return packed_result(ref, {"Err": {"kind": "raised", "message": message}})
    return packed


def result_frames(lease: Lease, results: list[bytes]) -> list[bytes]:
    """`result` frames, as few as the limit allows; the last one ends the lease if that is over."""
    groups: list[list[bytes]] = [[]]
    room = MAX_FRAME_BYTES - _ROOM_BYTES
    for result in results:
        if groups[-1] and len(result) > room:
            groups.append([])
            room = MAX_FRAME_BYTES - _ROOM_BYTES
        groups[-1].append(result)
        room -= len(result)
    ends = [False] * (len(groups) - 1) + [not lease.running]
    return [_result_frame(lease, group, last=end) for group, end in zip(groups, ends, strict=True)]


def _result_frame(lease: Lease, results: list[bytes], *, last: bool) -> bytes:
    packer = msgpack.Packer(autoreset=False)
    packer.pack_map_header(1)
    packer.pack("result")
    packer.pack_map_header(4)
    for name, value in (("lease", lease.number), ("execute_ns", lease.execute_ns), ("last", last)):
        packer.pack(name)
        packer.pack(value)
    packer.pack("results")
    packer.pack_array_header(len(results))
    return bytes(packer.bytes()) + b"".join(results)
