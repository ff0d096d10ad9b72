"""The gateway's side of the protocol, by hand: real sockets, scripted by a test."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack

SOURCES = Path(__file__).parent.parent / "src"
PATIENCE_S = 60.0


class Peer:
    """One connection, after its hello."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: dict[str, Any]
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.hello = hello
        self.pings = 0
        self.logs: list[dict[str, Any]] = []

    def send(self, kind: str, **body: Any) -> None:
        self.writer.write(packed_frame(kind, body))

    async def receive(self, kind: str) -> dict[str, Any]:
        """The next frame, which must be of this kind; pings are answered, logs kept on the way."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                came, body = await read_frame(self.reader)
                if came == "ping":
                    self.pings += 1
                    self.send("pong")
                elif came == "log" and kind != "log":
                    self.logs.append(body)
                elif came != "pong":
                    assert came == kind, (came, body)
                    return body

    async def results(self, lease: int) -> dict[tuple[int, int], Any]:
        """All outcomes of a lease, by call."""
        outcomes = {}
        while True:
            body = await self.receive("result")
            assert body["lease"] == lease
            for result in body["results"]:
                outcomes[result["call"]["task"], result["call"]["call"]] = result["outcome"]
            if body["last"]:
                assert body["execute_ns"] >= 0
                return outcomes

    async def hung_up(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.reader.read(1 << 16):
                pass


class FakeGateway:
    """Listens on a Unix socket; blobs are served, workers are handed to the test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.epoch = 1
        self.heartbeat_ms = 1000
        self.refusal: str | None = None
        self.blobs: dict[str, bytes] = {}
        self.blob_requests: list[tuple[str, str]] = []
        self.workers: asyncio.Queue[Peer] = asyncio.Queue()
        self._connections: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._connected, self.path)

    async def stop(self) -> None:
        """As if the process died."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._connections:
            writer.transport.abort()
        self._connections.clear()

    async def worker(self) -> Peer:
        async with asyncio.timeout(PATIENCE_S):
            return await self.workers.get()

    def store(self, data: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.blobs[digest] = data
        return digest

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        assert request.startswith(b"GET /hermod HTTP/1.1\r\nHost: hermod\r\n"), request
        assert b"Upgrade: hermod\r\n" in request
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: hermod\r\n\r\n"
        )
        kind, hello = await read_frame(reader)
        assert kind == "hello"
        if self.refusal is not None:
            writer.write(packed_frame("refused", {"reason": self.refusal}))
            writer.close()
            return
        welcome = {"protocol": 1, "epoch": self.epoch, "heartbeat_ms": self.heartbeat_ms}
        writer.write(packed_frame("welcome", {**welcome, "worker": 7, "from_the_future": True}))
        if "worker" in hello["role"]:
            self.workers.put_nowait(Peer(reader, writer, hello))
        else:
            assert hello["role"] == {"blobs": {}}
            await self._serve_blobs(reader, writer)

    async def _serve_blobs(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        arriving = bytearray()
        while True:
            kind, body = await read_frame(reader)
            digest = body["digest"]
            self.blob_requests.append((kind, digest))
            there = {"digest": digest}
            match kind:
                case "get" if digest in self.blobs:
                    data = self.blobs[digest]
                    half = len(data) // 2
                    writer.write(
                        packed_frame("piece", {**there, "piece": data[:half], "last": False})
                    )
                    writer.write(
                        packed_frame("piece", {**there, "piece": data[half:], "last": True})
                    )
                case "has" if digest in self.blobs:
                    writer.write(packed_frame("stored", there))
                case "put":
                    arriving += body["piece"]
                    if body["last"]:
                        assert self.store(bytes(arriving)) == digest
                        arriving.clear()
                        writer.write(packed_frame("stored", there))
                case _:
                    writer.write(packed_frame("missing", there))


class WorkerProcess:
    """`python -m hermod worker FILE:NAME`, as the launcher starts it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, gateway: FakeGateway, file: Path, name: str) -> WorkerProcess:
        environment = {
            **os.environ,
            "PYTHONPATH": str(SOURCES),
            "HERMOD_URL": f"unix://{gateway.path}",
            "HERMOD_WORKER_TOKEN": "token-1",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hermod", "worker", f"{file}:{name}",
            env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return cls(process)

    async def ended(self) -> tuple[int, str]:
        """Exit code and stderr."""
        async with asyncio.timeout(PATIENCE_S):
            _, stderr = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, stderr.decode()

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


def packed_frame(kind: str, body: dict[str, Any]) -> bytes:
    packed: bytes = msgpack.packb({kind: body})
    return struct.pack(">I", len(packed)) + packed


async def read_frame(reader: asyncio.StreamReader) -> tuple[str, dict[str, Any]]:
    (length,) = struct.unpack(">I", await reader.readexactly(4))
    ((kind, body),) = msgpack.unpackb(await reader.readexactly(length)).items()
    return kind, body


def device(identity: str = "local/cpu-0", kind: str = "cpu") -> dict[str, Any]:
    return {"id": identity, "kind": kind, "memory_bytes": 1 << 30, "index": 0, "threads": 2}


def grant(lease: int, *arguments: dict[str, Any], epoch: int = 1, **more: Any) -> dict[str, Any]:
    """A grant of calls `(lease, 0)`, `(lease, 1)`…"""
    calls = [
        {"call": {"task": lease, "call": number}, "attempt": 1, "arguments": given}
        for number, given in enumerate(arguments)
    ]
    body = {"epoch": epoch, "lease": lease, "device": "local/cpu-0", "deadline_ms": 60_000}
    return {**body, "calls": calls, **more}
