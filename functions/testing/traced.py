# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""For tests: calls that write down each execution, so that a test can count them from outside.

`folder` has one file per function; a line per execution is appended in one write, which outlives
whatever process is killed next: `label attempt key process`. The hidden file `.ended` has a line
for each execution of a write that came to its end. A test that makes `.die-begun` or `.die-done`
there kills the next worker that has just written, or is about to answer.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import time
from pathlib import Path

import hermod


@hermod.function(effect="pure", gpu_memory="32Mi", concurrency=64, origin="simulated")
async def traced_pure(folder: str, label: str, seconds: float) -> str:
    """Gives back the label after this many seconds."""
    _trace(folder, "pure", label)
    await asyncio.sleep(seconds)
    return label


@hermod.function(effect="read", state="traced", gpu_memory="32Mi", origin="simulated")
async def traced_read(folder: str, label: str, seconds: float) -> str:
    """Gives back the label after this many seconds."""
    _trace(folder, "read", label)
    await asyncio.sleep(seconds)
    return label


@hermod.function(effect="write", state="traced", gpu_memory="32Mi", origin="real")
def traced_write(folder: str, label: str, seconds: float) -> str:
    """Happens when it begins; gives back the label after this many seconds."""
    _trace(folder, "write", label)
    _go_on(folder, label, seconds)
    return label


@hermod.function(
    effect="write", state="traced", idempotent=True, gpu_memory="32Mi", origin="simulated"
)
def traced_pay(folder: str, label: str, seconds: float) -> str:
    """Happens when it begins, once per key; gives back the label after this many seconds."""
    _trace(folder, "pay", label)
    _go_on(folder, label, seconds)
    return label


@hermod.function(effect="write", state="traced", gpu_memory="32Mi", origin="simulated")
def traced_count(folder: str, label: str, seconds: float) -> int:
    """Raises a counter, each time; gives back where that has brought it."""
    attempt = hermod.context().attempt
    value = _raise(folder, ".counted", f"{attempt} {os.getpid()} {label}")
    _trace(folder, "count", label)
    _go_on(folder, label, seconds)
    return value


@hermod.function(
    effect="write", state="traced", idempotent=True, gpu_memory="32Mi", origin="simulated"
)
def traced_count_once(folder: str, label: str, seconds: float) -> int:
    """Raises a counter, once per key; gives back where that has brought it."""
    key = hermod.context().idempotency_key
    value = _raise(folder, ".counted_once", f"{key} {label}")
    _trace(folder, "count_once", label)
    _go_on(folder, label, seconds)
    return value


def _trace(folder: str, function: str, label: str) -> None:
    context = hermod.context()
    line = f"{label} {context.attempt} {context.idempotency_key or '-'} {os.getpid()}"
    _append(folder, function, line)


def _go_on(folder: str, label: str, seconds: float) -> None:
    """The rest of a write, once it has happened."""
    _die_if_told(folder, ".die-begun")
    time.sleep(seconds)
    _die_if_told(folder, ".die-done")
    _append(folder, ".ended", f"{label} {os.getpid()}")


def _die_if_told(folder: str, name: str) -> None:
    try:
        (Path(folder) / name).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _append(folder: str, name: str, line: str) -> None:
    with (Path(folder) / name).open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())


def _raise(folder: str, name: str, line: str) -> int:
    """The number of the line, from 1; one that is there is not added again."""
    with (Path(folder) / name).open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read().decode().splitlines()
        if line in lines:
            return lines.index(line) + 1
        file.write(f"{line}\n".encode())
        return len(lines) + 1
