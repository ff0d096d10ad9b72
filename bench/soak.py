"""Is memory flat under load? `bench/soak.py [DICE] [MINUTES] [SHARE]`, after `make build`.

Finds out how many calls a second the gateway answers, then asks for a share of that (0.7) for so
long, evenly, over kept connections. A call that is not answered, or memory that grows in the second
half by more than a tenth and 8 MiB, is a failure: exit code 1.
"""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import median

from gateway import HERE, Gateway, memory

_CALLERS = 64
_FINDING_OUT_S = 10.0
_SAMPLES = 60
_GROWTH = 1.1
_ROOM_BYTES = 8 << 20
_BODY = b'{"value":"soak"}'
_REQUEST = (
    b"POST /api/v1/functions/echo/calls HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)
_ANSWER = b'{"result":"soak"}'


class Load:
    """Callers over kept connections; together as many calls a second as `rate`, or all they can."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.latencies: list[float] = []
        self.answered = 0

    async def run(self, seconds: float, rate: float | None) -> None:
        """Each waits for its answer before it asks again."""
        until = time.monotonic() + seconds
        pause = None if rate is None else _CALLERS / rate
        callers = (self._caller(until, pause, number) for number in range(_CALLERS))
        await asyncio.gather(*callers)

    async def _caller(self, until: float, pause: float | None, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        due = time.monotonic() + (pause or 0) * number / _CALLERS
        while (now := time.monotonic()) < until:
            if pause is not None:
                await asyncio.sleep(due - now)
                due += pause
            began = time.monotonic()
            writer.write(_REQUEST)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(len(_ANSWER))
            if not head.startswith(b"HTTP/1.1 200") or body != _ANSWER:
                raise SystemExit(f"not answered: {head!r} {body!r}")
            self.answered += 1
            self.latencies.append(time.monotonic() - began)
        writer.close()

    def quantiles(self) -> tuple[float, float]:
        """Milliseconds: half of the calls since the last time, and 99 of 100, took less."""
        taken, self.latencies = sorted(self.latencies), []
        if not taken:
            return 0.0, 0.0
        return 1e3 * median(taken), 1e3 * taken[int(len(taken) * 0.99)]


async def soak(gateway: Gateway, minutes: float, share: float) -> list[int]:
    """Prints a line a minute or oftener; bytes of all processes at each."""
    load = Load(gateway.port)
    await load.run(1.0, None)  # brings the worker
    load.answered = 0
    await load.run(_FINDING_OUT_S, None)
    rate = share * load.answered / _FINDING_OUT_S
    load.quantiles()
    print(f"{load.answered / _FINDING_OUT_S:.0f} calls/s at most; {rate:.0f} calls/s from here on")
    print(f"{'s':>6}{'calls':>10}{'p50 ms':>9}{'p99 ms':>9}{'PSS MiB':>10}{'journal MiB':>13}")
    seconds, began, sizes = minutes * 60, time.monotonic(), []
    load.answered = 0
    loading = asyncio.create_task(load.run(seconds, rate))
    while not loading.done():
        await asyncio.wait({loading}, timeout=seconds / _SAMPLES)
        held = [memory(process).get("Pss", 0) for process in gateway.processes()]
        sizes.append(sum(held))
        files = (gateway.data / "data").glob("journal*")
        journal = sum(file.stat().st_size for file in files)
        p50, p99 = load.quantiles()
        passed = time.monotonic() - began
        print(
            f"{passed:6.0f}{load.answered:10}{p50:9.2f}{p99:9.2f}"
            f"{sizes[-1] / (1 << 20):10.1f}{journal / (1 << 20):13.1f}",
            flush=True,
        )
    await loading
    print(f"asked for {rate:.0f} calls/s, answered {load.answered / seconds:.0f}")
    return sizes


def main(dice: str, minutes: float, share: float) -> int:
    """The exit code."""
    with Gateway(dice, HERE / "functions", HERE / "fleet.toml") as gateway:
        sizes = asyncio.run(soak(gateway, minutes, share))
    settled, last = sizes[len(sizes) // 2], median(sizes[-max(1, len(sizes) // 10) :])
    grew = (last - settled) / (1 << 20)
    print(f"memory in the second half: {grew:+.1f} MiB of {settled / (1 << 20):.1f} MiB")
    if last > _GROWTH * settled and last - settled > _ROOM_BYTES:
        print("it is not flat")
        return 1
    return 0


if __name__ == "__main__":
    given = sys.argv[1:]
    binary = given[0] if given else str(HERE.parent / "target/release/dice")
    sys.exit(
        main(
            binary,
            float(given[1]) if len(given) > 1 else 30.0,
            float(given[2]) if len(given) > 2 else 0.7,
        )
    )
