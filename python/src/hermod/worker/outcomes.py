"""The results of one lease on their way out: their blobs first, many results in one frame."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from hermod.worker.blobs import Blobs
from hermod.worker.connection import ConnectionRefused
from hermod.worker.execution import Executed
from hermod.worker.leases import CallRef, Lease, packed_result

Offer = Callable[[Lease, list[bytes]], None]


class Outcomes:
    """Keeps what is reported, and offers it to the gateway."""

    def __init__(self, lease: Lease, blobs: Blobs, offer: Offer) -> None:
        self._lease = lease
        self._blobs = blobs
        self._offer = offer
        self._ready: list[Executed] = []
        self._waiting: list[Executed] = []
        """Their blobs, or those of earlier ones, are not stored yet."""
        self._sender: asyncio.Task[None] | None = None
        self._started_ns: int | None = None

    def started(self) -> None:
        """The author's code is about to run."""
        if self._started_ns is None:
            self._started_ns = time.monotonic_ns()

    def ended(self) -> None:
        """As far as known now."""
        if self._started_ns is not None:
            self._lease.execute_ns = time.monotonic_ns() - self._started_ns

    def report(self, executed: Executed) -> None:
        """Sends it with whatever else is reported before the loop gets to it."""
        self.ended()
        if executed.blobs:
            self._waiting.append(executed)
            if self._sender is None or self._sender.done():
                self._sender = asyncio.create_task(self._store())
            return
        if not self._ready:
            asyncio.get_running_loop().call_soon(self._send)
        self._ready.append(executed)

    async def sent(self) -> None:
        """Returns when everything reported is kept, and offered if there is a gateway."""
        self._send()
        while self._sender is not None and not self._sender.done():
            await self._sender

    def _send(self) -> None:
        ready, self._ready = self._ready, []
        if ready:
            self._keep({executed.ref: executed.result for executed in ready})

    async def _store(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            self._keep({executed.ref: await self._stored(executed) for executed in batch})

    def _keep(self, results: dict[CallRef, bytes]) -> None:
        self._lease.keep(results)
        self._offer(self._lease, list(results.values()))

    async def _stored(self, executed: Executed) -> bytes:
        """The result, once the blobs that it names are with the gateway."""
        try:
            for digest, data in executed.blobs.items():
                await self._blobs.put(digest, data)
        except ConnectionRefused as error:
            message = f"an image of the result was not stored: {error}"
            return packed_result(executed.ref, {"Err": {"kind": "raised", "message": message}})
        return executed.result
