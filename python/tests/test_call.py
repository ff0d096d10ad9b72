"""Every rule of SEMANTICS H1, H2 and H4 that `hermod.call` keeps, against a scripted transport."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import msgpack
import pytest

import hermod
from hermod import client as clients
from hermod.client import MOST_IN_FLIGHT, Client
from hermod.errors import GatewayError, TaskStopped


class Script:
    """A transport: what was sent, and a hand to answer it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sent: list[dict[str, Any]] = []
        self.uploaded: list[str] = []
        self.fetched: list[str] = []
        self.answer: Callable[[dict[str, Any]], Any] | None = None
        self.closed = False

    def send(self, frames: list[bytes]) -> None:
        for packed in frames:
            frame = msgpack.unpackb(packed)
            self.sent.append(frame)
            if "call" in frame and self.answer is not None:
                self.succeed(frame["call"]["id"], self.answer(frame["call"]))

    def upload(self, digest: str, _data: bytes) -> None:
        self.uploaded.append(digest)

    def fetch(self, digest: str) -> None:
        self.fetched.append(digest)

    def close(self) -> None:
        self.closed = True

    def succeed(self, number: int, value: Any, *, joinable: bool = False) -> None:
        outcome = {"id": number, "outcome": {"Ok": value}, "joinable": joinable}
        self.client.received([{"outcome": outcome}])

    def fail(self, number: int, kind: str, message: str) -> None:
        failure = {"kind": kind, "message": message}
        self.client.received([{"outcome": {"id": number, "outcome": {"Err": failure}}}])

    def calls(self) -> list[int]:
        return [frame["call"]["id"] for frame in self.sent if "call" in frame]

    def cancelled(self) -> list[int]:
        return [frame["cancel"]["id"] for frame in self.sent if "cancel" in frame]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    made: list[Script] = []

    def connect(client: Client) -> Script:
        made.append(Script(client))
        return made[0]

    monkeypatch.setattr(clients, "_current", Client(connect))
    yield made[0]
    gc.collect()


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_call_is_issued_at_once_and_needs_no_loop(script: Script) -> None:
    call = hermod.call("f", x=1)
    assert script.sent == [{"call": {"id": 0, "function": "f", "arguments": {"x": 1}}}]
    script.succeed(0, 7)

    async def later() -> Any:
        return await call

    assert asyncio.run(later()) == 7
    assert asyncio.run(later()) == 7, "and in another loop"


def test_it_is_a_coroutine_for_whoever_asks(script: Script) -> None:
    script.answer = lambda call: call["arguments"]["x"]
    call = hermod.call("f", x=1)
    assert isinstance(call, Coroutine)
    assert asyncio.iscoroutine(call)
    assert asyncio.run(hermod.call("f", x=2)) == 2


Use = Callable[[Any], Awaitable[Any]]


async def _group(call: Any) -> Any:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(call)
    return task.result()


async def _completed(call: Any) -> Any:
    for done in asyncio.as_completed([call]):
        return await done
    return None


async def _gathered(call: Any) -> Any:
    first, second = await asyncio.gather(call, asyncio.create_task(call))
    assert first == second
    return first


async def _waited(call: Any) -> Any:
    done, _ = await asyncio.wait([asyncio.create_task(call)])
    return done.pop().result()


@pytest.mark.parametrize(
    "use",
    [
        asyncio.create_task,
        asyncio.ensure_future,
        asyncio.shield,
        lambda call: asyncio.wait_for(call, 5),
        _group,
        _completed,
        _gathered,
        _waited,
        hermod.gather,
    ],
)
@pytest.mark.parametrize("early", [True, False])
async def test_it_works_in(use: Use, script: Script, early: bool) -> None:
    call = hermod.call("f")
    if early:
        script.succeed(0, "red")
    else:
        asyncio.get_running_loop().call_later(0.01, script.succeed, 0, "red")
    assert await use(call) in ("red", ["red"])


async def test_many_tasks_await_it_and_each_gets_a_copy(script: Script) -> None:
    call = hermod.call("f")

    async def use() -> Any:
        return await call

    tasks = [asyncio.create_task(use()) for _ in range(3)]
    await turns()
    script.succeed(0, {"boxes": [1]})
    first, second, third = await asyncio.gather(*tasks)
    assert first == second == third == await call
    first["boxes"].append(2)
    assert second == third == await call == {"boxes": [1]}, "E5, E6"


async def test_threads_with_loops_of_their_own_await_it(script: Script) -> None:
    call = hermod.call("f")
    results: list[Any] = []

    async def use() -> None:
        results.append(await call)

    threads = [threading.Thread(target=lambda: asyncio.run(use())) for _ in range(3)]
    for thread in threads:
        thread.start()
    await asyncio.sleep(0.05)
    script.succeed(0, 1)
    for thread in threads:
        thread.join()
    assert results == [1, 1, 1]


async def test_cancelling_one_awaiter_leaves_the_call_to_the_others(script: Script) -> None:
    call = hermod.call("f")
    first, second = asyncio.create_task(call), asyncio.create_task(call)
    await turns()
    first.cancel()
    await turns()
    assert first.cancelled()
    script.succeed(0, 1)
    assert await second == 1
    assert script.cancelled() == []


async def test_a_time_out_leaves_a_call_that_is_still_held(script: Script) -> None:
    call = hermod.call("f")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call, 0.01)
    assert script.cancelled() == []
    script.succeed(0, 1)
    assert await call == 1


async def test_a_call_that_nobody_holds_or_awaits_is_cancelled(script: Script) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(hermod.call("f"), 0.01)
    await turns()
    gc.collect()
    assert script.cancelled() == [0]


def test_an_orphan_is_silent(script: Script) -> None:
    hermod.call("f")
    assert script.cancelled() == [0]
    script.fail(0, "raised", "ValueError: dark")


async def test_a_failure_that_nobody_awaits_is_silent(script: Script) -> None:
    call = hermod.call("f")
    script.fail(0, "raised", "ValueError: dark")
    await turns()
    del call
    gc.collect()
    assert script.cancelled() == []


async def test_a_task_cancelled_before_its_first_step(script: Script) -> None:
    call = hermod.call("f")
    task = asyncio.create_task(call)
    task.cancel()
    await turns()
    assert task.cancelled()
    script.succeed(0, 1)
    assert await call == 1


def test_arguments_are_copied_before_it_returns(script: Script) -> None:
    boxes = [1]
    call = hermod.call("f", boxes=boxes)
    boxes.append(2)
    assert script.sent[0]["call"]["arguments"] == {"boxes": [1]}
    del call


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": object()}, "x: object is not a value"),
        ({"x": [float("nan")]}, "x[0]: nan is not finite"),
        ({"x": 1 << 63}, "x: 9223372036854775808 does not fit in 64 signed bits"),
        ({"x": b"0" * (8 << 20)}, "arguments of 8388616 bytes; at most 8388608 travel"),
    ],
)
async def test_bad_arguments_surface_at_the_await(
    script: Script, arguments: dict[str, Any], message: str
) -> None:
    call = hermod.call("f", **arguments)
    for _ in range(2):
        with pytest.raises(hermod.BadArguments) as raised:
            await call
        assert str(raised.value).startswith(f"f: bad arguments: {message}")
    assert script.sent == []


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("bad_arguments", hermod.BadArguments, "bad arguments"),
        ("raised", hermod.FunctionRaised, "function raised"),
        ("worker_lost", hermod.WorkerLost, "worker lost"),
        ("deadline", hermod.CallDeadline, "call deadline"),
    ],
)
async def test_failures(
    script: Script, kind: str, error: type[hermod.CallError], words: str
) -> None:
    call = hermod.call("glip")
    script.fail(0, kind, "ValueError: dark")
    with pytest.raises(hermod.CallError) as raised:
        await call
    assert type(raised.value) is error
    assert str(raised.value) == f"glip: {words}: ValueError: dark", "O3"
    again = pickle.loads(pickle.dumps(raised.value))
    assert (type(again), str(again), again.function) == (error, str(raised.value), "glip")


def test_errors_keep_what_differs_between_runs_as_attributes() -> None:
    error = hermod.WorkerLost("f", "killed", attempt=2, worker="7")
    assert str(error) == "f: worker lost: killed"
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.attempt, again.worker) == ("killed", 2, "7")


def test_no_more_than_the_most_are_in_flight_and_the_oldest_goes_first(script: Script) -> None:
    calls = [hermod.call("f", i=i) for i in range(MOST_IN_FLIGHT + 3)]
    assert script.calls() == list(range(MOST_IN_FLIGHT))
    script.succeed(9, None)
    script.succeed(5, None)
    assert script.calls() == list(range(MOST_IN_FLIGHT + 2))
    del calls[7]
    assert script.cancelled() == [7]
    assert script.calls() == list(range(MOST_IN_FLIGHT + 3))
    del calls


def test_a_call_that_joins_an_equal_one_does_not_queue(script: Script) -> None:
    """H4, E5: what runs ahead does not hold back what is awaited in its place."""
    ahead = [hermod.call("f", i=i) for i in range(MOST_IN_FLIGHT + 50)]
    in_place = hermod.call("f", i=3)
    assert len(script.calls()) == MOST_IN_FLIGHT, "nobody has said that equal calls are made once"
    script.succeed(0, None, joinable=True)
    again = hermod.call("f", i=4)
    assert script.calls()[-1] == MOST_IN_FLIGHT + 51
    other = hermod.call("g", i=4)
    never_sent = hermod.call("f", i=MOST_IN_FLIGHT + 49)
    assert len(script.calls()) == MOST_IN_FLIGHT + 2
    del ahead, in_place, again, other, never_sent


def test_a_queued_call_that_is_abandoned_takes_no_place(script: Script) -> None:
    calls = [hermod.call("f") for _ in range(MOST_IN_FLIGHT + 2)]
    del calls[MOST_IN_FLIGHT]
    script.succeed(0, None)
    # Only the gateway knows whether it is a write, which is finished all the same (H2).
    number = MOST_IN_FLIGHT
    assert script.calls()[-2:] == [number, number + 1]
    assert script.cancelled() == [number]
    del calls


def test_at_the_end_of_the_program_queued_calls_are_sent(script: Script) -> None:
    calls = [hermod.call("f") for _ in range(MOST_IN_FLIGHT + 2)]
    script.client.finish()
    assert script.calls() == list(range(MOST_IN_FLIGHT + 2))
    assert script.sent[-1] == {"bye": {}}
    assert script.closed
    del calls


async def test_a_lost_gateway_ends_every_call(script: Script) -> None:
    early = [hermod.call("f") for _ in range(MOST_IN_FLIGHT + 1)]
    script.client.disconnected(GatewayError("the gateway has gone"))
    for call in early:
        with pytest.raises(GatewayError, match="the gateway has gone"):
            await call


async def test_a_stopped_task_is_no_exception_that_a_program_catches(script: Script) -> None:
    call = hermod.call("f")
    script.client.received([{"stop": {"reason": "budget"}}])
    with pytest.raises(TaskStopped, match="budget"):
        await call
    assert not issubclass(TaskStopped, Exception)


async def test_without_a_gateway_the_await_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clients, "_current", None)
    monkeypatch.delenv("HERMOD_URL", raising=False)
    call = hermod.call("f")
    with pytest.raises(GatewayError, match="set HERMOD_URL to the one that `dice up` prints"):
        await call


async def test_a_process_may_be_refused_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_refusal", None)
    clients.refuse("a function may not call functions")
    with pytest.raises(GatewayError, match="a function may not call functions"):
        await hermod.call("f")


async def test_images_go_before_the_call_and_results_wait_for_theirs(script: Script) -> None:
    image_module = pytest.importorskip("PIL.Image")
    image = image_module.new("L", (2, 2), 7)
    call = hermod.call("f", image=image)
    again = hermod.call("f", image=image)
    assert len(script.uploaded) == 1
    handle = script.sent[0]["call"]["arguments"]["image"]["$image"]
    assert handle["blob"] == script.uploaded[0]
    task = asyncio.create_task(call)
    script.succeed(0, {"mask": {"$image": handle}})
    await turns()
    assert not task.done()
    assert script.fetched == script.uploaded
    from hermod.images import to_blob

    script.client.fetched(handle["blob"], to_blob(image)[1])
    assert (await task)["mask"].getpixel((1, 1)) == 7
    del again


def test_a_ping_is_answered(script: Script) -> None:
    script.client.received([{"ping": {}}])
    assert script.sent == [{"pong": {}}]


def test_a_call_is_not_to_be_copied(script: Script) -> None:
    call = hermod.call("f")
    with pytest.raises(TypeError, match="await it and use its result"):
        copy.deepcopy(call)


async def test_a_finaliser_may_run_anywhere(script: Script) -> None:
    # While a frame is being sent, another call dies: its cancellation follows, nothing waits.
    doomed = [hermod.call("f")]
    send = script.send

    def send_and_drop(frames: list[bytes]) -> None:
        doomed.clear()
        send(frames)

    script.send = send_and_drop  # type: ignore[method-assign]
    kept = hermod.call("f")
    assert script.cancelled() == [0]
    del kept
