# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""For tests: calls that succeed, wait, fail and kill their worker, as the caller says."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import hermod
from PIL import Image


@hermod.function(effect="pure", gpu_memory="32Mi", concurrency=64, origin="simulated")
def echo(value: Any) -> Any:
    """Gives back what it gets."""
    return value


@hermod.function(effect="pure", gpu_memory="32Mi", concurrency=256, origin="simulated")
async def sleep(seconds: float, value: Any = None) -> Any:
    """Gives back the value after this many seconds."""
    await asyncio.sleep(seconds)
    return value


@hermod.function(effect="pure", gpu_memory="32Mi", origin="simulated")
def raise_error(message: str) -> None:
    """Raises a ValueError with the message."""
    raise ValueError(message)


@hermod.function(effect="pure", gpu_memory="32Mi", origin="simulated")
def crash(folder: str, times: int, value: Any = None) -> Any:
    """Kills its worker, the first so many times it is called with this folder; then the value."""
    earlier = len(list(Path(folder).glob("crash-*")))
    if earlier < times:
        (Path(folder) / f"crash-{earlier}").touch()
        os._exit(9)
    return value


@hermod.function(effect="pure", gpu_memory="32Mi", concurrency=64, origin="simulated")
def size_of(image: Image.Image) -> list[int]:
    """Width and height of the image."""
    return list(image.size)
