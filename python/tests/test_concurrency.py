"""Every rule of SEMANTICS A1-A6, H4 and H5 that `hermod.concurrency` keeps, in virtual time.

A case is a scenario that writes a log; `check` runs it and compares the log and the end.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hermod import concurrency
from hermod.concurrency import ahead, gather
from hermod.testing.clock import VirtualLoop, run_virtually

Scenario = Callable[["Log"], Awaitable[Any]]


class Log:
    """What happened, in order, and when."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    async def work(
        self, name: Any, seconds: float = 1.0, fails: BaseException | None = None
    ) -> Any:
        """Says when it starts, ends, or is cancelled."""
        self(f"{name} starts")
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self(f"{name} abandoned")
            raise
        if fails is not None:
            self(f"{name} fails")
            raise fails
        self(f"{name} ends")
        return name


def check(scenario: Scenario, log: str, end: Any = None, seconds: float | None = None) -> None:
    """Runs it. `end`: what it returns, or the exception it raises. Nothing may be warned about
    (pytest turns warnings into errors), logged, or left running."""
    lines = Log()

    async def main() -> Any:
        try:
            result = await scenario(lines)
        except Exception as error:
            result = error
        if seconds is not None:
            assert asyncio.get_running_loop().time() == pytest.approx(seconds)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    loop = VirtualLoop()
    result = run_virtually(loop, main())
    gc.collect()
    assert loop.complaints == []
    assert "; ".join(lines.lines) == log
    if isinstance(end, BaseException):
        assert (type(result), str(result)) == (type(end), str(end))
    else:
        assert result == end


# What `gather` does, by H5.


def test_gather_gives_results_in_argument_order() -> None:
    async def scenario(log: Log) -> Any:
        return await gather(log.work("a", 3), log.work("b", 1), log.work("c", 2))

    log = "a starts; b starts; c starts; b ends; c ends; a ends"
    check(scenario, log, ["a", "b", "c"], seconds=3)


def test_gather_of_nothing() -> None:
    check(lambda _log: gather(), "", [])


def test_gather_raises_the_first_failure_in_argument_order_not_in_time() -> None:
    async def scenario(log: Log) -> Any:
        return await gather(
            log.work("a", 3), log.work("b", 2, KeyError("b")), log.work("c", 1, ValueError("c"))
        )

    log = "a starts; b starts; c starts; c fails; b fails; a ends"
    check(scenario, log, KeyError("b"), seconds=3)


def test_gather_abandons_the_rest_at_a_failure() -> None:
    async def scenario(log: Log) -> Any:
        return await gather(log.work("a", 1, KeyError("a")), log.work("b", 9), log.work("c", 9))

    log = "a starts; b starts; c starts; a fails; b abandoned; c abandoned"
    check(scenario, log, KeyError("a"), seconds=1)


def test_gather_takes_the_same_awaitable_twice() -> None:
    async def scenario(log: Log) -> Any:
        once = log.work("a")
        return await gather(once, once)

    check(scenario, "a starts; a ends", ["a", "a"])


def test_gather_cancelled_abandons_everything_and_unwinds() -> None:
    async def scenario(log: Log) -> Any:
        task = asyncio.create_task(gather(log.work("a", 9), log.work("b", 9)))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        log("after")

    check(scenario, "a starts; b starts; a abandoned; b abandoned; after", seconds=1)


# What `start` does, by A1, A2 and A3.


def test_started_work_runs_while_the_body_does() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            plate = early.start(log.work("plate", 2))
            await log.work("body", 3)
            return await plate

    check(scenario, "body starts; plate starts; plate ends; body ends", "plate", seconds=3)


def test_a_failure_is_kept_until_it_is_awaited() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            failing = early.start(log.work("a", 1, KeyError("a")))
            await log.work("b", 2)
            log("printed")
            await failing

    check(scenario, "b starts; a starts; a fails; b ends; printed", KeyError("a"))


def test_a_failure_that_is_never_awaited_is_silent() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            early.start(log.work("a", 1, KeyError("a")))
            await asyncio.sleep(2)
        return "fine"

    check(scenario, "a starts; a fails", "fine")


def test_system_exit_waits_for_its_place_too() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            exiting = early.start(log.work("a", 1, SystemExit(3)))
            await asyncio.sleep(2)
            log("printed")
            try:
                await exiting
            except SystemExit as exit_:
                return exit_.code

    check(scenario, "a starts; a fails; printed", 3)


def test_started_is_shared_between_awaiters() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            shared = early.start(log.work("a"))

            async def use() -> Any:
                return await shared

            return [*await asyncio.gather(use(), use()), await shared]

    check(scenario, "a starts; a ends", ["a", "a", "a"])


def test_a_kept_failure_is_raised_to_every_awaiter() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            shared = early.start(log.work("a", 1, KeyError("a")))
            for _ in range(2):
                with pytest.raises(KeyError, match="a"):
                    await shared

    check(scenario, "a starts; a fails")


def test_cancelling_one_awaiter_does_not_cancel_the_work() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            shared = early.start(log.work("a", 2))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await shared
            return await shared

    check(scenario, "a starts; a ends", "a", seconds=2)


def test_leaving_abandons_and_returns_once_all_has_unwound() -> None:
    async def scenario(log: Log) -> Any:
        async def slow_to_unwind() -> None:
            try:
                await log.work("a", 9)
            finally:
                await asyncio.sleep(1)
                log("a unwound")

        async with ahead() as early:
            early.start(slow_to_unwind())
            early.start(log.work("b", 9))
            await asyncio.sleep(1)
            log("leaving")
        log("left")

    log = "a starts; b starts; leaving; a abandoned; b abandoned; a unwound; left"
    check(scenario, log, seconds=2)


def test_what_was_started_and_never_ran_does_not_run_and_is_not_warned_about() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            early.start(log.work("a"))
        return "left"

    check(scenario, "", "left")


@pytest.mark.parametrize("error", [ValueError("body"), asyncio.CancelledError(), SystemExit(2)])
def test_the_bodys_exception_is_never_swallowed(error: BaseException) -> None:
    async def scenario(log: Log) -> Any:
        async def body() -> None:
            async with ahead() as early:
                early.start(log.work("a", 9, KeyError("other")))
                await asyncio.sleep(1)
                raise error

        with pytest.raises(type(error)) as raised:
            await body()
        assert raised.value is error

    check(scenario, "a starts; a abandoned", seconds=1)


def test_a_failure_while_unwinding_does_not_replace_the_bodys() -> None:
    async def scenario(log: Log) -> Any:
        async def fails_late() -> None:
            try:
                await log.work("a", 9)
            finally:
                raise KeyError("late")

        async with ahead() as early:
            early.start(fails_late())
            await asyncio.sleep(1)
            raise ValueError("body")

    check(scenario, "a starts; a abandoned", ValueError("body"))


def test_cancelled_while_unwinding_still_unwinds_and_then_is_cancelled() -> None:
    async def scenario(log: Log) -> Any:
        async def slow() -> None:
            try:
                await log.work("a", 9)
            finally:
                await asyncio.sleep(3)
                log("unwound")

        async def body() -> None:
            async with ahead() as early:
                early.start(slow())
                await asyncio.sleep(1)

        task = asyncio.create_task(body())
        await asyncio.sleep(2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    check(scenario, "a starts; a abandoned; unwound", seconds=4)


def test_keyboard_interrupt_is_not_kept_for_later() -> None:
    async def interrupted() -> None:
        async with ahead() as early:
            early.start(_raise(KeyboardInterrupt()))
            await asyncio.sleep(9)

    with pytest.raises(KeyboardInterrupt):
        run_virtually(VirtualLoop(), interrupted())


def test_a_body_that_is_closed_does_not_await() -> None:
    async def body() -> None:
        async with ahead():
            await asyncio.get_running_loop().create_future()

    async def scenario(_log: Log) -> Any:
        coroutine = body()
        coroutine.send(None)
        coroutine.close()
        return "closed"

    check(scenario, "", "closed")


def test_work_cannot_be_started_after_the_end() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            pass
        early.start(log.work("a"))

    message = "this ahead() has ended: start work inside its `async with`"
    check(scenario, "", RuntimeError(message))


def test_nested_scopes_abandon_their_own() -> None:
    async def scenario(log: Log) -> Any:
        async def outer_work() -> None:
            async with ahead() as inner:
                inner.start(log.work("inner", 9))
                await log.work("outer", 9)

        async with ahead() as early:
            early.start(outer_work())
            await asyncio.sleep(1)

    check(scenario, "outer starts; inner starts; outer abandoned; inner abandoned", seconds=1)


# What `each` does, by A1, A2, A5, A6 and H4.


def test_each_runs_ahead_and_keeps_the_order_of_items() -> None:
    async def scenario(log: Log) -> Any:
        async def body(item: int) -> int:
            await asyncio.sleep(3 - item)
            return item * 10

        async with ahead() as early:
            async for result in early.each(body, [0, 1, 2]):
                log(str(result))

    check(scenario, "0; 10; 20", seconds=3)


def test_item_0_is_printed_before_item_9_ends() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for item in early.each(lambda n: log.work(n, 1 + n), range(2)):
                log(f"print {item}")

    check(scenario, "0 starts; 1 starts; 0 ends; print 0; 1 ends; print 1")


def test_the_failure_of_item_k_is_raised_at_step_k() -> None:
    async def scenario(log: Log) -> Any:
        async def body(item: int) -> int:
            await asyncio.sleep(1 if item == 1 else 2)
            if item == 1:
                raise KeyError(item)
            return item

        async with ahead() as early:
            async for item in early.each(body, range(4)):
                log(f"print {item}")

    check(scenario, "print 0", KeyError(1), seconds=2)


def test_a_failure_ends_the_loop_and_abandons_what_was_ahead() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            try:
                async for _ in early.each(lambda n: log.work(n, 1 + n, KeyError(n)), range(3)):
                    pass
            except KeyError:
                await asyncio.sleep(0)
                log("handled")

    check(scenario, "0 starts; 1 starts; 2 starts; 0 fails; 1 abandoned; 2 abandoned; handled")


def test_break_abandons_what_was_ahead_at_once() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for _ in early.each(lambda n: log.work(n, 1 + n), range(3)):
                break
            await asyncio.sleep(0)
            log("after")

    check(scenario, "0 starts; 1 starts; 2 starts; 0 ends; 1 abandoned; 2 abandoned; after")


def test_return_out_of_the_loop() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for item in early.each(lambda n: log.work(n, 1 + n), range(2)):
                return item
        return None

    check(scenario, "0 starts; 1 starts; 0 ends; 1 abandoned", 0)


def test_an_exception_of_the_loops_body_goes_on() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for item in early.each(lambda n: log.work(n, 1 + n), range(2)):
                raise ValueError(item)

    check(scenario, "0 starts; 1 starts; 0 ends; 1 abandoned", ValueError(0))


@pytest.mark.parametrize("window", [1, 2, 64])
def test_never_more_than_the_window_is_started_and_not_taken(window: int) -> None:
    async def scenario(_log: Log) -> Any:
        started, taken, most = 0, 0, 0

        async def body(item: int) -> int:
            nonlocal started, most
            started += 1
            most = max(most, started - taken)
            await asyncio.sleep(1)
            return item

        async with ahead(window=window) as early:
            async for _ in early.each(body, range(200)):
                taken += 1
                await asyncio.sleep(0.5)
        return most

    check(scenario, "", window)


def test_the_window_is_refilled_while_the_loops_body_works() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead(window=2) as early:
            async for item in early.each(lambda n: log.work(n, 1 + n), range(3)):
                await asyncio.sleep(0.5)
                log(f"body {item}")

    log = "0 starts; 1 starts; 0 ends; 2 starts; body 0; 1 ends; body 1; 2 ends; body 2"
    check(scenario, log, seconds=4.5)


def test_a_window_must_be_at_least_1() -> None:
    with pytest.raises(ValueError, match="window must be at least 1, not 0"):
        ahead(window=0)


def test_loops_in_loops_in_a_window_of_1_do_not_deadlock() -> None:
    async def scenario(_log: Log) -> Any:
        async with ahead(window=1) as early:

            async def tree(depth: int) -> int:
                if depth == 0:
                    await asyncio.sleep(1)
                    return 1
                total = 0
                async for leaves in early.each(tree, [depth - 1] * 2):
                    total += leaves
                return total

            return await tree(5)

    check(scenario, "", 32)


def test_recursion_by_start_does_not_deadlock() -> None:
    async def scenario(_log: Log) -> Any:
        async with ahead(window=1) as early:

            async def chain(depth: int) -> int:
                return 0 if depth == 0 else 1 + await early.start(chain(depth - 1))

            return await chain(300)

    check(scenario, "", 300)


def test_items_are_those_at_loop_entry() -> None:
    async def scenario(log: Log) -> Any:
        items = [1, 2, 3]
        async with ahead(window=1) as early:
            async for item in early.each(_give, items):
                items.clear()
                log(str(item))

    check(scenario, "1; 2; 3")


def test_what_iterating_raises_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 0
        yield 1
        raise KeyError("items")

    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for item in early.each(_give, items()):
                log(str(item))

    check(scenario, "0; 1", KeyError("items"))


def test_what_cannot_be_iterated_is_an_error_at_loop_entry() -> None:
    async def scenario(_log: Log) -> Any:
        async with ahead() as early:
            async for _ in early.each(_give, 3):  # type: ignore[arg-type]
                pass

    check(scenario, "", TypeError("'int' object is not iterable"))


def test_a_body_that_raises_before_it_awaits_is_raised_in_its_place() -> None:
    async def scenario(log: Log) -> Any:
        def body(item: dict[str, str]) -> Awaitable[str]:
            return _give(item["answer"])

        async with ahead() as early:
            async for answer in early.each(body, [{"answer": "red"}, {}]):
                log(answer)

    check(scenario, "red", KeyError("answer"))


def test_each_starts_work_before_the_loop_is_reached() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            results = early.each(lambda n: log.work(n, 1), range(2))
            await asyncio.sleep(2)
            log("loop")
            async for item in results:
                log(f"print {item}")

    check(scenario, "0 starts; 1 starts; 0 ends; 1 ends; loop; print 0; print 1", seconds=2)


def test_items_may_be_still_to_come() -> None:
    async def items() -> list[int]:
        await asyncio.sleep(1)
        return [0, 1]

    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            results = early.each(lambda n: log.work(n, 1), early.start(items()))
            await asyncio.sleep(2)
            async for item in results:
                log(f"print {item}")

    check(scenario, "0 starts; 1 starts; 0 ends; 1 ends; print 0; print 1", seconds=2)


def test_items_that_never_come_fail_at_the_loop() -> None:
    async def items() -> list[int]:
        raise KeyError("items")

    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            results = early.each(_give, items())
            await asyncio.sleep(1)
            log("loop")
            async for item in results:
                log(str(item))

    check(scenario, "loop", KeyError("items"))


def test_nothing_to_iterate() -> None:
    async def scenario(log: Log) -> Any:
        async with ahead() as early:
            async for _ in early.each(_give, []):
                log("never")

    check(scenario, "")


def test_a_task_cancelled_inside_the_loop_abandons_and_unwinds() -> None:
    async def scenario(log: Log) -> Any:
        async def loop() -> None:
            async with ahead() as early:
                async for _ in early.each(lambda n: log.work(n, 9), range(2)):
                    pass

        task = asyncio.create_task(loop())
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    check(scenario, "0 starts; 1 starts; 0 abandoned; 1 abandoned", seconds=1)


# What the module is, by H5.


def test_the_module_is_short_and_imports_the_standard_library_only() -> None:
    text = Path(inspect.getfile(concurrency)).read_text()
    assert len(text.splitlines()) < 150
    lines = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    imported = [line.split()[1] for line in lines]
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


async def _give(value: Any) -> Any:
    return value


async def _raise(error: BaseException) -> None:
    raise error
