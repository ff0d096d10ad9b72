# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""For tests: calls that write down each execution, so that a test can count them from outside.

`folder` has one file per function; a line per execution is appended in one write, which outlives
whatever process is killed next: `label attempt key`.
"""

from __future__ import annotations

import asyncio
import os
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
    time.sleep(seconds)
    return label


@hermod.function(
    effect="write", state="traced", idempotent=True, gpu_memory="32Mi", origin="simulated"
)
def traced_pay(folder: str, label: str, seconds: float) -> str:
    """Happens when it begins, once per key; gives back the label after this many seconds."""
    _trace(folder, "pay", label)
    time.sleep(seconds)
    return label


def _trace(folder: str, function: str, label: str) -> None:
    context = hermod.context()
    line = f"{label} {context.attempt} {context.idempotency_key or '-'}\n"
    file = os.open(Path(folder) / function, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)
