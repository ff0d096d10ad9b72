"""Plain `python` against a gateway: real sockets, the other end scripted by a test (RUNTIME V3)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import hermod
from hermod import client as clients
from hermod import task
from hermod.errors import GatewayError
from hermod.frames import FrameReader, packed_frame

SOURCES = Path(__file__).parent.parent / "src"
PATIENCE_S = 15.0
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: hermod\r\n\r\n"


class Gateway:
    """One thread per connection; calls get what `function` says."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.function: Callable[[dict[str, Any]], Any] = lambda call: call["arguments"]
        self.reply = UPGRADED
        self.refusal: str | None = None
        self.heartbeat_ms = 10_000
        self.silent = False
        self.hellos: list[Any] = []
        self.frames: list[Any] = []
        self.blobs: dict[str, bytes] = {}
        self.puts = 0
        self.connections: list[socket.socket] = []
        self.ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the test may be over
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                request += connection.recv(1)
            assert request.startswith(b"GET /hermod HTTP/1.1\r\nHost: hermod\r\n")
            connection.sendall(self.reply)
            if self.reply is not UPGRADED:
                return
            reader = FrameReader(connection)
            hello = reader.read_one()["hello"]
            self.hellos.append(hello)
            if self.refusal is not None:
                connection.sendall(packed_frame({"refused": {"reason": self.refusal}}))
                return
            welcome = {"protocol": 1, "epoch": 1, "heartbeat_ms": self.heartbeat_ms, "task": 3}
            connection.sendall(packed_frame({"welcome": welcome}))
            answer = self._call if "client" in hello["role"] else self._blob
            while frames := reader.read():
                for frame in frames:
                    for reply in answer(frame):
                        connection.sendall(packed_frame(reply))

    def _call(self, frame: dict[str, Any]) -> Iterator[Any]:
        self.frames.append(frame)
        if "bye" in frame:
            self.ended.set()
        if "call" in frame and not self.silent:
            outcome = {"Ok": self.function(frame["call"])}
            yield {"outcome": {"id": frame["call"]["id"], "outcome": outcome}}
        if "ping" in frame and not self.silent:
            yield {"pong": {}}

    def _blob(self, frame: dict[str, Any]) -> Iterator[Any]:
        ((kind, body),) = frame.items()
        there = {"digest": body["digest"]}
        if kind == "put":
            self.blobs[body["digest"]] = self.blobs.get(body["digest"], b"") + body["piece"]
            self.puts += body["last"]
            if not body["last"]:
                return
        if body["digest"] not in self.blobs:
            yield {"missing": there}
        elif kind == "get":
            data = self.blobs[body["digest"]]
            yield {"piece": {**there, "piece": data[:10], "last": False}}
            yield {"piece": {**there, "piece": data[10:], "last": True}}
        else:
            yield {"stored": there}


@pytest.fixture(params=["unix", "http"])
def gateway(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gateway]:
    if request.param == "unix":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "gateway.sock"))
        url = f"unix://{tmp_path}/gateway.sock"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    monkeypatch.setenv("HERMOD_URL", url)
    monkeypatch.setattr(clients, "_current", None)
    gateway = Gateway(listener)
    yield gateway
    if clients._current is not None:
        clients._current.finish()
    listener.close()
    for connection in gateway.connections:
        connection.close()


async def test_a_call_and_its_result(gateway: Gateway) -> None:
    assert await hermod.call("f", x=[1, "two"]) == {"x": [1, "two"]}
    (hello,) = gateway.hellos
    assert hello["protocol"] == 1
    assert list(hello["role"]["client"]) == ["program"]


def test_one_connection_serves_one_event_loop_after_another(gateway: Gateway) -> None:
    call = hermod.call("f", x=1)

    async def use() -> Any:
        return await call, await hermod.call("f", x=2)

    assert asyncio.run(use()) == asyncio.run(use()) == ({"x": 1}, {"x": 2})
    assert len(gateway.hellos) == 1


async def test_a_thousand_calls_at_once(gateway: Gateway) -> None:
    results = await asyncio.gather(*(hermod.call("f", x=x) for x in range(1000)))
    assert results == [{"x": x} for x in range(1000)]


async def test_an_image_is_uploaded_once_and_losslessly(gateway: Gateway) -> None:
    image_module = pytest.importorskip("PIL.Image")
    image = image_module.effect_noise((64, 64), 50)
    back = (await hermod.call("f", image=image))["image"]
    again = (await hermod.call("f", image=image))["image"]
    assert back.tobytes() == again.tobytes() == image.tobytes()
    assert gateway.puts == 1
    ((digest, data),) = gateway.blobs.items()
    assert digest == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert len(gateway.hellos) == 2, "blobs have a connection of their own"


async def test_a_blob_that_is_there_is_not_uploaded(gateway: Gateway) -> None:
    image_module = pytest.importorskip("PIL.Image")
    from hermod.images import to_blob

    image = image_module.new("L", (4, 4))
    digest, data = to_blob(image)
    gateway.blobs[digest] = data
    await hermod.call("f", image=image)
    assert gateway.puts == 0


async def test_a_gateway_that_goes_ends_the_calls_and_a_new_one_is_dialled(
    gateway: Gateway,
) -> None:
    gateway.silent = True
    call = hermod.call("f", x=1)
    while not gateway.frames:
        await asyncio.sleep(0.01)
    gateway.connections[0].shutdown(socket.SHUT_RDWR)
    with pytest.raises(GatewayError, match=r"no gateway at .* is `dice up` running"):
        await asyncio.wait_for(call, PATIENCE_S)
    gateway.silent = False
    assert await hermod.call("f", x=2) == {"x": 2}


async def test_a_silent_gateway_is_taken_for_dead(gateway: Gateway) -> None:
    gateway.silent, gateway.heartbeat_ms = True, 50
    with pytest.raises(GatewayError, match="it is silent"):
        await asyncio.wait_for(hermod.call("f"), PATIENCE_S)
    assert {"ping": {}} in gateway.frames


async def test_a_refusal_says_why(gateway: Gateway) -> None:
    gateway.refusal = "protocol 1 is spoken here, not 2"
    with pytest.raises(GatewayError, match="refuses: protocol 1 is spoken here"):
        await asyncio.wait_for(hermod.call("f"), PATIENCE_S)


async def test_something_that_is_no_gateway(gateway: Gateway) -> None:
    gateway.reply = b"HTTP/1.1 404 Not Found\r\n\r\n"
    with pytest.raises(GatewayError, match=r"is not a gateway: it answered 'HTTP/1\.1 404 Not F"):
        await asyncio.wait_for(hermod.call("f"), PATIENCE_S)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://x", "it should be http://HOST:PORT or unix:///path"),
        ("http://x", "it should be http://HOST:PORT or unix:///path"),
        ("unix:///nowhere/at/all", "no gateway at unix:///nowhere/at/all"),
    ],
)
async def test_urls_that_lead_nowhere(
    monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("HERMOD_URL", url)
    monkeypatch.setattr(clients, "_current", None)
    with pytest.raises(GatewayError, match=message):
        await asyncio.wait_for(hermod.call("f"), PATIENCE_S)


def test_a_program_says_bye_and_leaves_nothing_behind(gateway: Gateway) -> None:
    program = "import hermod; call = hermod.call('f', x=1); print('end')"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PYTHONPATH": str(SOURCES), "HERMOD_URL": os.environ["HERMOD_URL"]},
        capture_output=True, text=True, timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == ("end\n", "")
    assert gateway.ended.wait(PATIENCE_S)
    assert [next(iter(frame)) for frame in gateway.frames] == ["call", "bye"]


def test_inputs_are_files_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(task, "_task", task.Folder())
    for name, text, expect in [
        ("a.json", '{"x": [1, 2.5]}', {"x": [1, 2.5]}),
        ("a.txt", "grün", "grün"),
        ("a.bin", "raw", b"raw"),
        ("a.csv", "n,f,s,e\n1,2,007,\n-3,1e3,x,\n", [
            {"n": 1, "f": 2.0, "s": "007", "e": ""}, {"n": -3, "f": 1000.0, "s": "x", "e": ""},
        ]),
        ("short.csv", "n,s\n1\n", [{"n": 1, "s": ""}]),
        ("empty.csv", "", []),
    ]:  # fmt: skip
        Path(name).write_text(text)
        assert hermod.input(name) == expect
    with pytest.raises(FileNotFoundError):
        hermod.input("missing.txt")


def test_an_answer_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "_task", task.Folder())
    hermod.answer({"cars": 3})
    with pytest.raises(ValueError, match="object is not a value"):
        hermod.answer(object())


def test_a_guess_says_so_until_the_program_makes_it(gateway: Gateway) -> None:
    """E3: one at a time, the next when that has come true; the budget travels along."""

    async def main() -> None:
        async def guess_ahead() -> None:
            for number in range(3):
                guess.start(hermod.call("f", number=number))

        async with hermod.ahead(speculate=1) as guess:
            guess.start(guess_ahead())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            for number in range(2):
                assert await hermod.call("f", number=number) == {"number": number}
        async with hermod.ahead(speculate="$0.05") as guess:
            await guess.start(in_scope())

    async def in_scope() -> None:
        await hermod.call("g")

    asyncio.run(main())
    calls = [frame["call"] for frame in gateway.frames if "call" in frame]
    said = [(one["function"], one["arguments"].get("number"), one.get("guess")) for one in calls]
    window, money = {"budget_micro_usd": None}, {"budget_micro_usd": 50_000}
    assert said == [
        ("f", 0, window), ("f", 0, None), ("f", 1, window), ("f", 1, None), ("f", 2, window),
        ("g", None, money),
    ]  # fmt: skip
