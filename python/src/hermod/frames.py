"""Frames of a blocking socket (docs/protocol.md): a 32-bit big-endian length, then msgpack."""

from __future__ import annotations

import socket
import struct
from typing import Any

import msgpack

from hermod.constants import MAX_FRAME_BYTES

_LENGTH = struct.Struct(">I")
_RECEIVE_BYTES = 1 << 18


def with_length(packed: bytes) -> bytes:
    """A packed frame as it goes over the wire."""
    return _LENGTH.pack(len(packed)) + packed


def packed_frame(frame: Any) -> bytes:
    """A frame as it goes over the wire."""
    return with_length(msgpack.packb(frame))


class FrameReader:
    """Reads whole frames from a socket, as many as have come at once."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()
        self._waiting: list[Any] = []

    def read(self) -> list[Any]:
        """At least one frame, however long that takes; none: the other side has hung up."""
        frames, self._waiting = self._waiting, []
        while not (frames := frames or self._complete()):
            received = self._connection.recv(_RECEIVE_BYTES)
            if not received:
                return []
            self._buffer += received
        return frames

    def read_one(self) -> Any:
        """One frame, for conversations of question and answer; others wait for the next read."""
        frames = self.read()
        if not frames:
            raise ConnectionError("the other side hung up")
        first, *self._waiting = frames
        return first

    def _complete(self) -> list[Any]:
        frames, start = [], 0
        while len(self._buffer) >= start + 4:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > MAX_FRAME_BYTES:
                raise ConnectionError(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES}")
            end = start + 4 + length
            if len(self._buffer) < end:
                break
            frames.append(msgpack.unpackb(self._buffer[start + 4 : end], strict_map_key=False))
            start = end
        del self._buffer[:start]
        return frames
