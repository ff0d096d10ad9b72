"""The stream of blobs (V3), and this worker's decoded originals (V2: each is decoded once)."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from typing import Any

from hermod.constants import BLOB_CHUNK_BYTES
from hermod.images import Original
from hermod.images.encoding import digest_of
from hermod.worker.connection import Connection, ConnectionRefused

_BACK_OFF_S = (0.05, 2.0)
_CACHE_BYTES = int(os.environ.get("HERMOD_IMAGE_CACHE_BYTES") or 256 << 20)


class MissingBlobError(LookupError):
    """The gateway has no such blob."""


class Blobs:
    """Questions and answers over one connection, one at a time; dialled when first needed.

    An answer that a lost connection took along is asked for again, for as long as that takes: the
    worker's own watchdog decides when to give up.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._answers: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue()
        self._turn = asyncio.Lock()

    async def get(self, digest: str) -> bytes:
        """The blob's bytes; [`MissingBlobError`] if there are none."""
        data: bytes = await self._persistently(self._get, digest)
        return data

    async def put(self, digest: str, data: bytes) -> None:
        """Stores the blob, unless it is there already."""
        await self._persistently(self._put, digest, data)

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()

    async def _persistently(self, exchange: Any, *arguments: Any) -> Any:
        back_off, longest = _BACK_OFF_S
        async with self._turn:
            while True:
                try:
                    return await exchange(*arguments)
                except (OSError, TimeoutError):
                    self.close()
                    self._connection = None
                    await asyncio.sleep(back_off)
                    back_off = min(2 * back_off, longest)

    async def _get(self, digest: str) -> bytes:
        connection = await self._connected()
        connection.send("get", {"digest": digest})
        data = bytearray()
        while True:
            match await self._answer(digest):
                case "piece", {"piece": piece, "last": last}:
                    data += piece
                    if last:
                        break
                case _:
                    raise MissingBlobError(f"the blob {digest} is not stored")
        blob = bytes(data)
        if digest_of(blob) != digest:
            raise MissingBlobError(f"the bytes that came for the blob {digest} are not it")
        return blob

    async def _put(self, digest: str, data: bytes) -> None:
        connection = await self._connected()
        connection.send("has", {"digest": digest})
        kind, _ = await self._answer(digest)
        if kind == "stored":
            return
        for start in range(0, max(len(data), 1), BLOB_CHUNK_BYTES):
            end = start + BLOB_CHUNK_BYTES
            piece = {"digest": digest, "piece": data[start:end], "last": end >= len(data)}
            connection.send("put", piece)
            await connection.drain()
        match await self._answer(digest):
            case "stored", _:
                return
            case _, body:
                raise ConnectionRefused(f"blob {digest}: {body.get('reason', 'refused')}")

    async def _answer(self, digest: str) -> tuple[str, dict[str, Any]]:
        answer = await self._answers.get()
        if answer is None:
            raise ConnectionError("the gateway hung up")
        kind, body = answer
        if body.get("digest") != digest:
            raise ConnectionError(f"an answer about {body.get('digest')}, not {digest}")
        return kind, body

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed.done():
            answers: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue()
            self._answers = answers

            def receive(kind: str, body: dict[str, Any]) -> None:
                answers.put_nowait((kind, body))

            connection = await Connection.dial(self._url, {"blobs": {}}, receive)
            connection.closed.add_done_callback(lambda _: answers.put_nowait(None))
            self._connection = connection
        return self._connection


class Originals:
    """The images that calls named lately, by digest; the least recently used go first."""

    def __init__(self, blobs: Blobs, capacity_bytes: int = _CACHE_BYTES) -> None:
        self._blobs = blobs
        self._capacity_bytes = capacity_bytes
        self._kept: OrderedDict[str, Original] = OrderedDict()
        self._coming: dict[str, asyncio.Task[Original]] = {}

    async def fetch(self, digest: str) -> Original:
        """The original; its bytes are fetched once for all who ask at the same time."""
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        if digest not in self._coming:
            task = asyncio.create_task(self._fetch(digest))
            task.add_done_callback(lambda _: self._coming.pop(digest, None))
            self._coming[digest] = task
        return await asyncio.shield(self._coming[digest])

    async def _fetch(self, digest: str) -> Original:
        original = Original(await self._blobs.get(digest), digest)
        self._kept[digest] = original
        self.shrink()
        return original

    def shrink(self) -> None:
        """Forgets what does not fit, except the newest; who uses one keeps it alive."""
        held = sum(original.memory_bytes() for original in self._kept.values())
        while held > self._capacity_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            held -= oldest.memory_bytes()
