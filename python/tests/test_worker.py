"""A real worker process against a scripted gateway: every frame of docs/protocol.md."""

from __future__ import annotations

import asyncio
import io
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fake_gateway import FakeGateway, Peer, WorkerProcess, device, grant
from hermod import images
from hermod.worker.marshal import is_light

FILE = Path(__file__).parent / "function_files" / "sample.py"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[FakeGateway]:
    gateway = FakeGateway(tmp_path / "gateway.sock")
    await gateway.start()
    yield gateway
    await gateway.stop()


@asynccontextmanager
async def serving(gateway: FakeGateway, name: str) -> AsyncIterator[tuple[Peer, WorkerProcess]]:
    """A worker with its model loaded on `local/cpu-0`."""
    process = await WorkerProcess.start(gateway, FILE, name)
    try:
        peer = await gateway.worker()
        peer.send("load", device=device())
        loaded = await peer.receive("loaded")
        assert loaded["device"] == "local/cpu-0"
        yield peer, process
    finally:
        await process.kill()


def ok(value: Any) -> dict[str, Any]:
    return {"Ok": value}


def raised(message: str) -> dict[str, Any]:
    return {"Err": {"kind": "raised", "message": message}}


async def test_hello_says_who_and_which_version(gateway: FakeGateway) -> None:
    async with serving(gateway, "double") as (peer, process):
        hello = peer.hello
        assert (hello["protocol"], hello["pillow"]) == (1, "13.0")
        worker = hello["role"]["worker"]
        assert worker["function"] == "double"
        assert worker["version"].startswith("sha256:")
        assert worker["description"].startswith("sha256:")
        assert (worker["token"], worker["pid"]) == ("token-1", process.process.pid)
        assert (worker["running"], worker["unacknowledged"]) == ([], [])


async def test_calls_of_one_grant_each_end_their_own_way(gateway: FakeGateway) -> None:
    async with serving(gateway, "double") as (peer, process):
        peer.send("grant", **grant(1, {"n": 1}, {"n": 13}, {"n": 3}))
        assert await peer.results(1) == {
            (1, 0): ok(2),
            (1, 1): raised("ValueError: 13 is bad luck"),
            (1, 2): ok(6),
        }
        peer.send("ack", calls=[{"task": 1, "call": number} for number in range(3)])
        peer.send("stop", grace_ms=5000)
        code, stderr = await process.ended()
        assert code == 0
        assert "call 1.1:\nTraceback" in stderr
        assert 'raise ValueError("13 is bad luck")' in stderr


async def test_a_class_is_loaded_once_for_its_device(gateway: FakeGateway) -> None:
    async with serving(gateway, "adder") as (peer, _):
        peer.send("load", device=device())  # again, as after a reconnect
        assert (await peer.receive("loaded"))["device"] == "local/cpu-0"
        peer.send("grant", **grant(1, {"n": 1}))
        assert await peer.results(1) == {(1, 0): ok(101)}
        peer.send("unload", device="local/cpu-0")
        peer.send("grant", **grant(2, {"n": 1}))
        assert await peer.results(2) == {(2, 0): raised("nothing is loaded on local/cpu-0")}


async def test_a_model_that_does_not_load_is_reported(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIL_TO_LOAD", "1")
    process = await WorkerProcess.start(gateway, FILE, "adder")
    peer = await gateway.worker()
    peer.send("load", device=device())
    failed = await peer.receive("load_failed")
    assert failed == {"device": "local/cpu-0", "message": "OSError: no model"}
    await process.kill()


async def test_a_batch_form_gets_lists_and_fails_item_by_item(gateway: FakeGateway) -> None:
    async with serving(gateway, "batch") as (peer, process):
        peer.send("grant", **grant(1, {"n": 2}, {"n": -1}, {"n": 3}))
        assert await peer.results(1) == {
            (1, 0): ok(4),
            (1, 1): raised("-1 is negative"),
            (1, 2): ok(9),
        }
        peer.send("grant", **grant(2, {"n": 2}, {"n": 7}))
        assert await peer.results(2) == {(2, 0): ok(4), (2, 1): raised("RuntimeError: 7 is in it")}
        process.process.terminate()
        peer.send("ack", calls=[{"task": t, "call": c} for t in (1, 2) for c in range(3)])
        code, stderr = await process.ended()
        assert code == 0
        assert [line for line in stderr.splitlines() if line.startswith("batch of")] == [
            "batch of 3", "batch of 2", "batch of 1", "batch of 1",
        ]  # fmt: skip


async def test_async_calls_overlap_and_can_be_cancelled(gateway: FakeGateway) -> None:
    async with serving(gateway, "sleeper") as (peer, _):
        times = [(0.3, "a"), (30, "b"), (0.0, "c"), (0.1, "d"), (30, "queued behind four")]
        calls = [{"seconds": seconds, "name": name} for seconds, name in times]
        peer.send("grant", **grant(1, *calls))
        first = await peer.receive("result")
        assert [result["outcome"] for result in first["results"]] == [ok("c")]
        peer.send("cancel", calls=[{"task": 1, "call": 1}, {"task": 1, "call": 4}])
        assert await peer.results(1) == {(1, 3): ok("d"), (1, 0): ok("a")}


async def test_a_row_of_async_calls_goes_on_after_one_that_is_cancelled(
    gateway: FakeGateway,
) -> None:
    async with serving(gateway, "in_turn") as (peer, _):
        times = [(0.0, "a"), (30, "b"), (0.01, "c"), (30, "d"), (0.0, "e")]
        calls = [{"seconds": seconds, "name": name} for seconds, name in times]
        peer.send("grant", **grant(1, *calls))
        first = await peer.receive("result")
        assert [result["outcome"] for result in first["results"]] == [ok("a")]
        peer.send("cancel", calls=[{"task": 1, "call": 3}])
        peer.send("cancel", calls=[{"task": 1, "call": 1}])
        assert await peer.results(1) == {(1, 2): ok("c"), (1, 4): ok("e")}


async def test_results_of_calls_that_never_wait_leave_together(gateway: FakeGateway) -> None:
    async with serving(gateway, "in_turn") as (peer, _):
        peer.send("grant", **grant(1, *[{"seconds": 0, "name": "x"}] * 64))
        frames, answered = 0, 0
        while answered < 64:
            answered += len((await peer.receive("result"))["results"])
            frames += 1
        assert frames < 32


async def test_a_queued_call_that_nobody_waits_for_is_dropped(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    async with serving(gateway, "blocker") as (peer, _):
        call = {"seconds": 0.3, "marker": str(tmp_path / "marker")}
        peer.send("grant", **grant(1, call))
        peer.send("grant", **grant(2, call))
        peer.send("cancel", calls=[{"task": 2, "call": 0}])
        assert await peer.results(1) == {(1, 0): ok(1)}
        assert await peer.results(2) == {}
        assert (tmp_path / "marker").read_text() == "x"


async def test_pings_are_answered_while_a_function_blocks(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    gateway.heartbeat_ms = 100
    async with serving(gateway, "blocker") as (peer, _):
        peer.send("grant", **grant(1, {"seconds": 0.6, "marker": str(tmp_path / "marker")}))
        assert await peer.results(1) == {(1, 0): ok(1)}
        assert peer.pings >= 3


async def test_arguments_become_the_types_that_the_author_wrote(gateway: FakeGateway) -> None:
    picture = Image.new("RGB", (40, 30), "navy")
    picture.putpixel((12, 11), (1, 2, 3))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    blob = gateway.store(stream.getvalue())
    handle = {"blob": blob, "operations": [["crop", 10, 10, 30, 20]], "version": 1}
    arguments = {
        "image": {"$image": handle},
        "box": {"x": 2, "y": 1},
        "size": {"width": 1, "height": 2},
        "shade": "dark",
    }
    async with serving(gateway, "look") as (peer, _):
        missing = {**arguments, "image": {"$image": {**handle, "blob": "sha256:" + "0" * 64}}}
        wrong = {**arguments, "shade": "pink"}
        newer = {**arguments, "image": {"$image": {**handle, "version": 2}}}
        peer.send("grant", **grant(1, arguments, missing, wrong, newer))
        outcomes = await peer.results(1)
        assert outcomes[1, 0] == ok(
            {
                "types": ["Box", "Size", "Shade"],
                "pixel": [1, 2, 3],
                "image size": {"width": 20, "height": 10, "unit": "px"},
                "box": {"x": 2, "y": 1},
                "shade": "dark",
            }
        )
        errors = [outcomes[1, number]["Err"] for number in (1, 2, 3)]
        assert [error["kind"] for error in errors] == ["bad_arguments", "bad_arguments", "raised"]
        assert "is not stored" in errors[0]["message"]
        assert errors[1]["message"] == "shade: Input should be 'dark' or 'light'"
        assert "image operations of version 2" in errors[2]["message"]
        peer.send("grant", **grant(2, arguments))
        assert "Ok" in (await peer.results(2))[2, 0]
        assert gateway.blob_requests.count(("get", blob)) == 1, "each original travels once (V2)"


async def test_images_of_results_travel_as_blobs_or_by_lineage(gateway: FakeGateway) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    blob = gateway.store(stream.getvalue())
    async with serving(gateway, "marked") as (peer, _):
        handle = {"blob": blob, "operations": [], "version": 1}
        for lease in (1, 2):  # the second one must not see the first one's dot
            peer.send("grant", **grant(lease, {"image": {"$image": handle}}))
            result = (await peer.results(lease))[lease, 0]["Ok"]
            corner, marked = result["corner"]["$image"], result["marked"]["$image"]
            assert corner == {"blob": blob, "operations": [["crop", 0, 0, 2, 2]], "version": 1}
            original = images.Original(gateway.blobs[marked["blob"]], marked["blob"])
            picture = images.from_handle(original, marked)
            assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (255, 255, 255)]
        assert [kind for kind, _ in gateway.blob_requests] == ["get", "has", "put", "has"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("wrong", "the result is not a value: a[1]: set is not a value: only None"),
        ("nested", "GatewayError: nested is executing: a function may not call hermod.call"),
    ],
)
async def test_what_a_function_must_not_do(gateway: FakeGateway, name: str, message: str) -> None:
    async with serving(gateway, name) as (peer, _):
        peer.send("grant", **grant(1, {}))
        failure = (await peer.results(1))[1, 0]["Err"]
        assert failure["kind"] == "raised"
        assert failure["message"].startswith(message)


async def test_a_write_knows_its_key_and_attempt(gateway: FakeGateway) -> None:
    async with serving(gateway, "ticket") as (peer, _):
        granted = grant(1, {"text": "broken"})
        granted["calls"][0].update(attempt=2, idempotency_key="sha256:k")
        peer.send("grant", **granted)
        expected = {
            "key": "sha256:k",
            "attempt": 2,
            "device": "local/cpu-0",
            "threads": 2,
            "memory": 1 << 30,
        }
        assert await peer.results(1) == {(1, 0): ok(expected)}


async def test_results_are_kept_until_acknowledged_and_offered_again(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    """J1: killing the gateway executes nothing again."""
    marker = tmp_path / "marker"
    async with serving(gateway, "blocker") as (peer, process):
        peer.send("grant", **grant(1, {"seconds": 0.0, "marker": str(marker)}))
        await peer.results(1)
        peer.send("grant", **grant(2, {"seconds": 0.0, "marker": str(marker)}))
        await peer.results(2)
        peer.send("ack", calls=[{"task": 1, "call": 0}])
        running = grant(3, {"seconds": 1.5, "marker": str(marker)})
        peer.send("grant", **running)
        await asyncio.sleep(0.1)
        await gateway.stop()
        await gateway.start()
        again = await gateway.worker()
        worker = again.hello["role"]["worker"]
        assert worker["unacknowledged"] == [{"task": 2, "call": 0}]
        assert worker["running"] == [3]
        assert await again.results(2) == {(2, 0): ok(1)}
        again.send("grant", **running)  # from a gateway that did not know: not executed twice
        assert await again.results(3) == {(3, 0): ok(1)}
        assert marker.read_text() == "xxx"
        again.send("ack", calls=[{"task": 2, "call": 0}, {"task": 3, "call": 0}])
        again.send("stop", grace_ms=5000)
        assert (await process.ended())[0] == 0


async def test_grants_of_older_epochs_are_refused(gateway: FakeGateway) -> None:
    async with serving(gateway, "double") as (peer, process):
        peer.send("grant", **grant(1, {"n": 1}, epoch=5))
        assert await peer.results(1) == {(1, 0): ok(2)}
        peer.send("grant", **grant(2, {"n": 2}, epoch=4))
        peer.send("grant", **grant(3, {"n": 3}, epoch=5))
        assert await peer.results(3) == {(3, 0): ok(6)}
        peer.send("ack", calls=[{"task": 1, "call": 0}, {"task": 3, "call": 0}])
        peer.send("stop", grace_ms=5000)
        code, stderr = await process.ended()
        assert (code, "lease 2 of epoch 4 refused: epoch 5 is in force" in stderr) == (0, True)


async def test_a_deadline_without_a_gateway_ends_the_process(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    """P3: otherwise its device could never be given to anybody else."""
    async with serving(gateway, "blocker") as (peer, process):
        call = {"seconds": 30.0, "marker": str(tmp_path / "marker")}
        peer.send("grant", **grant(1, call, deadline_ms=600))
        await asyncio.sleep(0.1)
        await gateway.stop()
        code, stderr = await process.ended()
        assert code == 4
        assert "a deadline passed and the gateway is gone" in stderr


async def test_a_silent_gateway_is_taken_for_dead(gateway: FakeGateway) -> None:
    gateway.heartbeat_ms = 50
    async with serving(gateway, "double") as (peer, _):
        await peer.hung_up()  # nothing is answered here
        assert (await gateway.worker()).hello["role"]["worker"]["function"] == "double"


async def test_stop_lets_calls_finish_and_no_longer_than_its_grace(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    async with serving(gateway, "blocker") as (peer, process):
        peer.send("grant", **grant(1, {"seconds": 0.3, "marker": str(tmp_path / "marker")}))
        peer.send("stop", grace_ms=10_000)
        peer.send("grant", **grant(2, {"seconds": 0.3, "marker": str(tmp_path / "marker")}))
        assert await peer.results(1) == {(1, 0): ok(1)}
        peer.send("ack", calls=[{"task": 1, "call": 0}])
        code, stderr = await process.ended()
        assert (code, "lease 2 of epoch 1 refused: the worker is stopping" in stderr) == (0, True)
    async with serving(gateway, "blocker") as (peer, process):
        peer.send("grant", **grant(1, {"seconds": 30.0, "marker": str(tmp_path / "marker")}))
        peer.send("stop", grace_ms=200)
        code, stderr = await process.ended()
        assert (code, "stopped after 0.2 s with calls unfinished" in stderr) == (0, True)


async def test_a_refused_worker_says_why_and_goes(gateway: FakeGateway) -> None:
    gateway.refusal = "Pillow 13.0, this gateway has 12.9"
    process = await WorkerProcess.start(gateway, FILE, "double")
    code, stderr = await process.ended()
    assert code == 3
    assert "double: refused by the gateway: Pillow 13.0, this gateway has 12.9" in stderr


async def test_ctrl_c_is_the_gateways_to_interpret(gateway: FakeGateway) -> None:
    async with serving(gateway, "double") as (peer, process):
        process.process.send_signal(signal.SIGINT)
        peer.send("grant", **grant(1, {"n": 4}))
        assert await peer.results(1) == {(1, 0): ok(8)}


@pytest.mark.parametrize(
    ("results", "light"),
    [
        ([1, 2.5, None, "text", True], True),
        ([{"boxes": [{"x": 1}] * 20}], True),
        ([b"bytes"], True),
        ([list(range(5000))], False),
        ([["x" * 4_000_000]], False),
        ([object()], False),
    ],
)
def test_only_light_results_are_encoded_on_the_loop(results: list[object], light: bool) -> None:
    assert is_light(results) is light
