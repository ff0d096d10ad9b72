"""Functions in every form, for the worker's tests."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PIL import Image, ImageDraw
from pydantic import BaseModel

import hermod


class Box(BaseModel):
    x: int
    y: int


@dataclass
class Size:
    width: int
    height: int
    unit: str = "px"


class Shade(Enum):
    DARK = "dark"
    LIGHT = "light"


@hermod.function(effect="pure")
def double(n: int) -> int:
    """Doubles n."""
    if n == 13:
        raise ValueError("13 is bad luck")
    return 2 * n


@hermod.function(effect="pure", gpu_memory="64Mi")
class Adder:
    """Adds what `__init__` loaded."""

    def __init__(self) -> None:
        if "FAIL_TO_LOAD" in os.environ:
            raise OSError("no model")
        self.loaded = 100

    def __call__(self, n: int) -> int:
        return self.loaded + n


@hermod.function(effect="pure", max_batch_size=8, batched=True)
def batch(n: list[int]) -> list[int | hermod.Failure]:
    """Squares all n at once; 7 makes the whole batch raise, a negative one fails alone."""
    print(f"batch of {len(n)}", file=sys.stderr)
    if 7 in n:
        raise RuntimeError("7 is in it")
    return [hermod.Failure(f"{one} is negative") if one < 0 else one * one for one in n]


@hermod.function(effect="read", concurrency=4)
async def sleeper(seconds: float, name: str) -> str:
    """Sleeps, then says its name."""
    await asyncio.sleep(seconds)
    return name


@hermod.function(effect="read", max_batch_size=64)
async def in_turn(seconds: float, name: str) -> str:
    """Says its name, after a sleep if there is one."""
    if seconds:
        async with asyncio.timeout(60):
            await asyncio.sleep(seconds)
    return name


@hermod.function(effect="read")
def blocker(seconds: float, marker: str) -> int:
    """Blocks its thread, and leaves a line in a file."""
    time.sleep(seconds)
    with Path(marker).open("a", encoding="utf-8") as file:
        file.write("x")
    return 1


@hermod.function(effect="pure")
def look(image: Image.Image, box: Box, size: Size, shade: Shade) -> dict[str, object]:
    """Tells the types it got, and a pixel."""
    return {
        "types": [type(one).__name__ for one in (box, size, shade)],
        "pixel": image.getpixel((box.x, box.y)),
        "image size": Size(*image.size),
        "box": box,
        "shade": shade,
    }


@hermod.function(effect="pure")
def marked(image: Image.Image) -> dict[str, Image.Image]:
    """The image with a dot in it, beside a corner of the untouched one."""
    corner = image.crop((0, 0, 2, 2))
    ImageDraw.Draw(image).point((0, 0), "red")
    return {"marked": image, "corner": corner}


@hermod.function(effect="pure")
def wrong() -> object:
    """Gives what does not travel."""
    return {"a": [1, {1, 2}]}


@hermod.function(effect="pure")
async def nested() -> int:
    """Calls another function, which it may not."""
    result: int = await hermod.call("double", n=1)
    return result


@hermod.function(effect="write", idempotent=True, state="tickets")
def ticket(text: str) -> dict[str, object]:
    """Tells its context."""
    context = hermod.context()
    return {
        "key": context.idempotency_key,
        "attempt": context.attempt,
        "device": context.device,
        "threads": context.threads,
        "memory": context.memory_bytes,
    }
