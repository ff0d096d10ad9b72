# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""For tests: writes that leave a trace, so that a test can count how often each happened.

The counters are files in the folder that the caller names: they outlive a worker that dies.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import hermod
from pydantic import BaseModel


class Count(BaseModel):
    """A counter after it was raised."""

    value: int


@hermod.function(effect="write", state="counter", gpu_memory="32Mi", origin="simulated")
def count_up(folder: str, counter: str, crash: bool = False) -> Count:
    """Raises a counter by one, each time it is called. With crash, the worker then dies."""
    value = _raise(Path(folder) / f"{counter}.json", key=None)
    if crash:
        os._exit(9)
    return Count(value=value)


@hermod.function(
    effect="write", state="counter", idempotent=True, gpu_memory="32Mi", origin="simulated"
)
def count_up_once(folder: str, counter: str, crash: bool = False) -> Count:
    """Raises a counter by one, once per key. With crash, the first attempt dies after it."""
    context = hermod.context()
    value = _raise(Path(folder) / f"{counter}.json", key=context.idempotency_key)
    if crash and context.attempt == 1:
        os._exit(9)
    return Count(value=value)


@hermod.function(effect="read", state="counter", gpu_memory="32Mi", origin="simulated")
def read_counter(folder: str, counter: str) -> Count:
    """Reads a counter; 0 if it was never raised."""
    path = Path(folder) / f"{counter}.json"
    if not path.exists():
        return Count(value=0)
    return Count(value=json.loads(path.read_text())["value"])


def _raise(path: Path, key: str | None) -> int:
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or '{"value": 0, "keys": {}}')
        if key is not None and key in state["keys"]:
            return int(state["keys"][key])
        state["value"] += 1
        if key is not None:
            state["keys"][key] = state["value"]
        file.truncate(0)
        file.write(json.dumps(state))
        return int(state["value"])
