"""The program's end of the socket to the host: `ProgramFrame` out, `ToProgram` in."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

from hermod.errors import GatewayError
from hermod.frames import FrameReader, packed_frame, with_length
from hermod.gateway import pieces

if TYPE_CHECKING:
    from hermod.client import Client

_CLIENT = b"\x81\xa6client"
_CALL = b"\x81\xa4call"
_THREAD_STACK_BYTES = 256 << 10


class Connection:
    """The transport of calls in the sandbox, and what else a program tells its host.

    Frames of a program's own threads may interleave, bytes may not: `_writing`.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._reader = FrameReader(connection)
        self._writing = threading.Lock()
        self._receiver: threading.Thread | None = None
        self._blobs: dict[str, bytearray] = {}
        self._early: list[Any] = []

    def spec(self) -> dict[str, Any]:
        """The first frame: what to run."""
        first, *self._early = self._reader.read()
        spec: dict[str, Any] = first["run"]
        return spec

    def attach(self, client: Client) -> Connection:
        """Delivers to `client` from now on."""
        self._client = client
        return self

    def send(self, frames: list[bytes]) -> None:
        """See `Transport`. The first call starts the thread that receives."""
        if self._receiver is None and any(frame.startswith(_CALL) for frame in frames):
            self._listen()
        self._write(b"".join(with_length(_CLIENT + frame) for frame in frames))

    def upload(self, digest: str, data: bytes) -> None:
        """See `Transport`."""
        for piece, last in pieces(data):
            self._say({"blob": {"digest": digest, "piece": piece, "last": last}})

    def fetch(self, digest: str) -> None:
        """See `Transport`."""
        self._say({"fetch": {"digest": digest}})

    def close(self) -> None:
        """See `Transport`: everything was sent at once."""

    def observed(self, value: Any) -> None:
        """A reading that a replay must repeat (J5)."""
        self._say({"observed": {"value": value}})

    def answer(self, tree: Any) -> None:
        """The task's structured answer (V4)."""
        self._say({"answer": {"value": tree}})

    def ended(self, end: dict[str, Any]) -> None:
        """The last frame."""
        self._say({"ended": end})

    def _listen(self) -> None:
        before = threading.stack_size(_THREAD_STACK_BYTES)
        self._receiver = threading.Thread(target=self._receive, name="hermod", daemon=True)
        try:
            self._receiver.start()
        except RuntimeError as error:  # the program has taken all there are
            self._client.disconnected(GatewayError(f"no thread for the outcomes of calls: {error}"))
        threading.stack_size(before)

    def _receive(self) -> None:
        frames, self._early = self._early, []
        try:
            while True:
                self._deliver(frames)
                frames = self._reader.read()
                if not frames:
                    raise ConnectionError("the host hung up")
        except (OSError, ValueError) as error:
            self._client.disconnected(GatewayError(str(error)))

    def _deliver(self, frames: list[Any]) -> None:
        self._client.received([frame["client"] for frame in frames if "client" in frame])
        for frame in frames:
            if "blob" in frame:
                self._collect(**frame["blob"])
            elif "missing" in frame:
                self._client.fetched(frame["missing"]["digest"], None)

    def _collect(self, digest: str, piece: bytes, last: bool, **_: Any) -> None:
        blob = self._blobs.setdefault(digest, bytearray())
        blob += piece
        if last:
            self._client.fetched(digest, bytes(self._blobs.pop(digest)))

    def _say(self, frame: dict[str, Any]) -> None:
        self._write(packed_frame(frame))

    def _write(self, data: bytes) -> None:
        with self._writing:
            self._socket.sendall(data)
