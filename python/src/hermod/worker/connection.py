"""A connection to the gateway: dialled, upgraded, then frames both ways."""

from __future__ import annotations

import asyncio
import struct
import sys
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

import msgpack

from hermod.constants import MAX_FRAME_BYTES, PROTOCOL, VERSION

UPGRADE = b"GET /hermod HTTP/1.1\r\nHost: hermod\r\nConnection: Upgrade\r\nUpgrade: hermod\r\n\r\n"
_LENGTH = struct.Struct(">I")
_DIAL_S = 10.0

Receive = Callable[[str, dict[str, Any]], None]


class ConnectionRefused(Exception):
    """The gateway answered and does not want this peer: dialling again is of no use."""


def packed_frame(kind: str, body: dict[str, Any]) -> bytes:
    """A frame as it goes over the wire."""
    return with_length(msgpack.packb({kind: body}))


def with_length(packed: bytes) -> bytes:
    """A packed frame as it goes over the wire."""
    return _LENGTH.pack(len(packed)) + packed


class Connection(asyncio.Protocol):
    """Frames are handed to `receive` as they come; `closed` is done when there will be no more."""

    def __init__(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.last_heard = loop.time()
        self._loop = loop
        self._receive = receive
        self._buffer = bytearray()
        self._upgraded = False
        self._welcome: asyncio.Future[dict[str, Any]] = loop.create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def dial(cls, url: str, role: dict[str, Any], receive: Receive) -> Connection:
        """Connects and says hello as `role`; `OSError`: nobody there, or nobody who understands."""
        loop = asyncio.get_running_loop()
        connection = cls(receive)
        parts = urlsplit(url)
        async with asyncio.timeout(_DIAL_S):
            if parts.scheme == "unix":
                await loop.create_unix_connection(lambda: connection, parts.path)
            elif parts.scheme == "http" and parts.hostname and parts.port:
                await loop.create_connection(lambda: connection, parts.hostname, parts.port)
            else:
                raise ConnectionRefused(
                    f"HERMOD_URL={url!r}: expected http://HOST:PORT or unix:///path"
                )
            try:
                connection._write(UPGRADE)
                connection.send("hello", _hello(role))
                connection.welcome = await connection._welcome
            except BaseException:
                connection.close()
                raise
        return connection

    welcome: dict[str, Any]
    """The gateway's answer: protocol, epoch, heartbeat_ms, worker."""

    def send(self, kind: str, body: dict[str, Any]) -> None:
        """Queues a frame; lost if the connection is, which `closed` tells."""
        self._write(packed_frame(kind, body))

    def send_packed(self, packed: bytes) -> None:
        """As `send`, for a frame that is packed already."""
        self._write(with_length(packed))

    async def drain(self) -> None:
        """Waits until little is queued, so that large bodies are not all in memory at once."""
        await self._writable.wait()

    def close(self) -> None:
        """Sends what is queued, then hangs up."""
        if self._transport is not None:
            self._transport.close()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._writable.set()
        if not self.closed.done():
            self.closed.set_result(None)
        if not self._welcome.done():
            self._welcome.set_exception(ConnectionError(f"the gateway hung up ({exc or 'EOF'})"))
            self._welcome.exception()  # nobody may be waiting any more

    def pause_writing(self) -> None:
        """See asyncio."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """See asyncio."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self.last_heard = self._loop.time()
        self._buffer += data
        if not self._upgraded and not self._take_upgrade():
            return
        start = 0
        while len(self._buffer) >= start + 4:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            end = start + 4 + length
            if length > MAX_FRAME_BYTES:
                self.abort(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES} travel in one")
                return
            if len(self._buffer) < end:
                break
            try:
                self._take(bytes(memoryview(self._buffer)[start + 4 : end]))
            except (ValueError, LookupError, TypeError) as error:
                self.abort(f"a frame that this version does not understand: {error}")
                return
            start = end
        del self._buffer[:start]

    def _take_upgrade(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._buffer[: self._buffer.find(b"\r\n")]).decode("latin-1")
        if " 101 " not in status + " ":
            self.abort(f"the answer to the upgrade was {status!r}")
            return False
        del self._buffer[: end + 4]
        self._upgraded = True
        return True

    def _take(self, packed: bytes) -> None:
        ((kind, body),) = msgpack.unpackb(packed, strict_map_key=False).items()
        if self._welcome.done():
            self._receive(kind, body)
        elif kind == "welcome":
            self._welcome.set_result(body)
        else:
            self._welcome.set_exception(ConnectionRefused(body.get("reason", kind)))

    def abort(self, why: str) -> None:
        """Hangs up at once; what is queued is lost."""
        if not self._welcome.done():
            self._welcome.set_exception(ConnectionError(why))
        else:
            print(f"connection to the gateway given up: {why}", file=sys.stderr)
        if self._transport is not None:
            self._transport.abort()


def _hello(role: dict[str, Any]) -> dict[str, Any]:
    import PIL  # noqa: PLC0415 (the version only: its modules stay unloaded)

    pillow = ".".join(PIL.__version__.split(".")[:2])
    return {"protocol": PROTOCOL, "sdk": VERSION, "pillow": pillow, "role": role}
