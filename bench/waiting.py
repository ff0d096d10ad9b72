"""What programs that wait hold: `bench/waiting.py [DICE] [HOW_MANY]`, after `make build`.

Each program waits for one call that does not end. Memory is what the kernel calls proportional
(PSS): a page that several processes share counts once among them all.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from gateway import HERE, Gateway, memory

PROGRAM = """import asyncio

import hermod


async def main():
    print(await hermod.call("wait", number={}))


asyncio.run(main())
"""
_ALL_WAIT_S = 900.0


def measure(dice: str, count: int) -> None:
    """Prints the memory with one of them, and with all."""
    concurrency = ("--concurrency", str(count + 1))
    with Gateway(dice, HERE / "waiting", HERE / "fleet.toml", *concurrency) as gateway:
        # The first brings the worker and the fork server, which later ones share.
        submit(gateway, 0)
        wait_for_calls(gateway, 1)
        before = of_all(gateway)
        with ThreadPoolExecutor(8) as submitting:
            list(submitting.map(lambda number: submit(gateway, number), range(1, count + 1)))
        wait_for_calls(gateway, count + 1)
        with_them = of_all(gateway)
    print(f"{'':24}{'one waits':>11}{f'{count} more':>15}{'for each':>12}")
    for kind in ("Pss", "Pss_Anon", "Pss_File", "Rss"):
        least, most = before[kind], with_them[kind]
        each = (most - least) / count / 1024
        print(f"{kind:24}{least >> 20:7} MiB{most >> 20:13} MiB{each:8.0f} KiB")


def submit(gateway: Gateway, number: int) -> None:
    """A task that will wait."""
    program = {"program": PROGRAM.format(number), "filename": "waiting.py"}
    gateway.ask("/api/v1/tasks", program)


def wait_for_calls(gateway: Gateway, count: int) -> None:
    """Until each task has issued its call."""
    until = time.monotonic() + _ALL_WAIT_S
    while True:
        tasks, before = [], ""
        while True:
            page = gateway.ask(f"/api/v1/tasks?limit=1000{before}")
            tasks += page["tasks"]
            if page.get("next") is None:
                break
            before = f"&before={page['next']}"
        ended = [task for task in tasks if task.get("end") is not None]
        if ended:
            raise SystemExit(f"a task has ended: {ended[0]}")
        waiting = sum(task["call_count"] > 0 for task in tasks)
        if waiting == count:
            return
        if time.monotonic() > until:
            raise SystemExit(f"only {waiting} of {count} tasks wait for their call")
        time.sleep(1)


def of_all(gateway: Gateway) -> dict[str, int]:
    """Of all processes, added up."""
    total: dict[str, int] = {}
    for process in gateway.processes():
        for kind, size in memory(process).items():
            total[kind] = total.get(kind, 0) + size
    return total


if __name__ == "__main__":
    default = str(HERE.parent / "target/release/dice")
    measure(*(sys.argv[1:2] or [default]), int((sys.argv[2:3] or ["500"])[0]))
