"""The way from plain `python` to a running gateway: `HERMOD_URL` (RUNTIME V3).

Two connections, the second for blobs and only when there are any, and two threads: one sends, one
receives. A program never waits for the network except where it awaits a call.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hermod.constants import BLOB_CHUNK_BYTES, PROTOCOL, VERSION
from hermod.errors import GatewayError
from hermod.frames import FrameReader, packed_frame, with_length

if TYPE_CHECKING:
    from hermod.client import Client

_UPGRADE = b"GET /hermod HTTP/1.1\r\nHost: hermod\r\nConnection: Upgrade\r\nUpgrade: hermod\r\n\r\n"
_PATIENCE_S = 10.0
_HEARTBEATS = 3
"""A gateway that is silent for so many is taken for dead."""


class Gateway:
    """The transport of a program outside the sandbox."""

    def __init__(self, url: str, client: Client) -> None:
        self._url = url
        self._client = client
        self._errands: SimpleQueue[Any] = SimpleQueue()
        self._blobs: Blobs | None = None
        self._sender = threading.Thread(target=self._run, name="hermod-send", daemon=True)
        self._sender.start()

    @staticmethod
    def address(environment: Mapping[str, str]) -> str:
        """The gateway's URL from the environment."""
        url = environment.get("HERMOD_URL", "")
        if not url:
            raise GatewayError(
                "no gateway to call functions at: set HERMOD_URL to the one that `dice up` prints "
                "(http://HOST:PORT or unix:///path), or run the program with `dice run`"
            )
        return url

    def send(self, frames: list[bytes]) -> None:
        """See `Transport`."""
        data = b"".join(map(with_length, frames))
        self._errands.put(lambda connection: connection.sendall(data))

    def upload(self, digest: str, data: bytes) -> None:
        """See `Transport`."""
        self._errands.put(lambda _: self._blob_stream().upload(digest, data))

    def fetch(self, digest: str) -> None:
        """See `Transport`."""
        self._errands.put(
            lambda _: self._client.fetched(digest, self._blob_stream().download(digest))
        )

    def close(self) -> None:
        """See `Transport`."""
        self._errands.put(None)
        self._sender.join(_PATIENCE_S)

    def _run(self) -> None:
        try:
            connection, reader, welcome = dial(self._url, {"client": {"program": _program()}})
        except (OSError, ValueError, KeyError) as error:
            known = isinstance(error, GatewayError)
            self._client.disconnected(error if known else self._gone(error))
            return
        heartbeat_s = welcome["heartbeat_ms"] / 1000
        receiver = threading.Thread(
            target=self._receive,
            args=(connection, reader, heartbeat_s),
            name="hermod-receive",
            daemon=True,
        )
        receiver.start()
        try:
            while (errand := self._errands.get()) is not None:
                errand(connection)
            connection.shutdown(socket.SHUT_WR)
            receiver.join(_PATIENCE_S)  # closing earlier could lose what was sent last
        except (OSError, ValueError, KeyError) as error:
            self._client.disconnected(self._gone(error))
        connection.close()

    def _receive(self, connection: socket.socket, reader: FrameReader, heartbeat_s: float) -> None:
        connection.settimeout(heartbeat_s)
        silent = 0
        try:
            while silent < _HEARTBEATS:
                try:
                    frames = reader.read()
                except TimeoutError:
                    silent += 1
                    self._client.send({"ping": {}})
                    continue
                if not frames:
                    break
                silent = 0
                self._client.received(frames)
            self._client.disconnected(self._gone("it is silent" if silent else "it hung up"))
        except (OSError, ValueError, KeyError) as error:
            self._client.disconnected(self._gone(error))
        self._errands.put(None)  # the sender has nobody to send to

    def _blob_stream(self) -> Blobs:
        if self._blobs is None:
            self._blobs = Blobs(*dial(self._url, {"blobs": {}})[:2])
        return self._blobs

    def _gone(self, why: object) -> GatewayError:
        return GatewayError(
            f"no gateway at {self._url} ({why}): "
            "is `dice up` running, and HERMOD_URL what it printed?"
        )


class Blobs:
    """The second connection: question and answer, one at a time."""

    def __init__(self, connection: socket.socket, reader: FrameReader) -> None:
        self._connection = connection
        self._reader = reader

    def upload(self, digest: str, data: bytes) -> None:
        """Sends the blob unless it is there already."""
        if "stored" in self._ask({"has": {"digest": digest}}):
            return
        for piece, last in pieces(data):
            self._say({"put": {"digest": digest, "piece": piece, "last": last}})
        answer = self._reader.read_one()
        if "stored" not in answer:
            raise ConnectionError(f"blob {digest} was refused: {answer}")

    def download(self, digest: str) -> bytes | None:
        """The blob's bytes; `None`: there is none."""
        self._say({"get": {"digest": digest}})
        data = bytearray()
        while frames := self._reader.read():
            for frame in frames:
                if "piece" not in frame:
                    return None
                data += frame["piece"]["piece"]
                if frame["piece"]["last"]:
                    return bytes(data)
        raise ConnectionError("the gateway hung up in the middle of a blob")

    def _ask(self, frame: dict[str, Any]) -> Any:
        self._say(frame)
        return self._reader.read_one()

    def _say(self, frame: dict[str, Any]) -> None:
        self._connection.sendall(packed_frame(frame))


def pieces(data: bytes) -> list[tuple[bytes, bool]]:
    """The blob cut for frames; each piece, and whether it is the last one."""
    starts = range(0, max(len(data), 1), BLOB_CHUNK_BYTES)
    return [(data[at : at + BLOB_CHUNK_BYTES], at == starts[-1]) for at in starts]


def dial(url: str, role: dict[str, Any]) -> tuple[socket.socket, FrameReader, dict[str, Any]]:
    """Connects, upgrades, says hello; the connection, its reader, and the gateway's welcome."""
    connection = _connect(url)
    try:
        connection.sendall(_UPGRADE)
        _expect_upgrade(connection, url)
        pillow = ".".join(getattr(sys.modules.get("PIL"), "__version__", "").split(".")[:2])
        hello = {"protocol": PROTOCOL, "sdk": VERSION, "pillow": pillow, "role": role}
        connection.sendall(packed_frame({"hello": hello}))
        reader = FrameReader(connection)
        answer = reader.read_one()
        if "welcome" not in answer:
            raise GatewayError(f"the gateway at {url} refuses: {answer['refused']['reason']}")
    except BaseException:
        connection.close()
        raise
    connection.settimeout(None)
    return connection, reader, answer["welcome"]


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_PATIENCE_S)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    if parts.scheme == "http" and parts.hostname and parts.port:
        connection = socket.create_connection((parts.hostname, parts.port), _PATIENCE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    raise GatewayError(f"HERMOD_URL is {url!r}; it should be http://HOST:PORT or unix:///path")


def _expect_upgrade(connection: socket.socket, url: str) -> None:
    head = bytearray()
    while not head.endswith(b"\r\n\r\n") and len(head) < 4096:
        byte = connection.recv(1)  # what follows belongs to the frames
        if not byte:
            break
        head += byte
    status = bytes(head).split(b"\r\n", 1)[0].decode("latin-1")
    if " 101 " not in f"{status} ":
        raise GatewayError(f"{url} is not a gateway: it answered {status!r}")


def _program() -> str:
    return Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
