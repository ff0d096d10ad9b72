"""Takes the time that the profile says, on the device that the call runs on."""

from __future__ import annotations

import asyncio
import os
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hermod

_PROFILE = Path(__file__).with_name("profile.toml")


@dataclass(frozen=True)
class Latency:
    """Of one function on one device type: seconds to load, and per batch by its size."""

    load_s: float
    batches: tuple[tuple[int, float], ...]

    @classmethod
    def here(cls, function: str) -> Latency:
        """Of the device that `hermod.context()` names."""
        with _PROFILE.open("rb") as file:
            devices: dict[str, Any] = tomllib.load(file)["functions"][function]
        device_type = hermod.context().device_type
        if device_type not in devices:
            raise LookupError(
                f"{_PROFILE.name} has no figures of {function} on {device_type}; "
                f"it has {', '.join(devices)}"
            )
        figures = devices[device_type]
        batches = tuple((batch["size"], batch["seconds"]) for batch in figures["batches"])
        return cls(figures["load"]["seconds"], batches)

    def load(self) -> None:
        """Waits as long as loading takes."""
        time.sleep(self.load_s * time_scale())

    async def execute(self, size: int) -> None:
        """Waits as long as a batch of this size takes."""
        await asyncio.sleep(self.seconds(size) * time_scale())

    def seconds(self, size: int) -> float:
        """Linear between the sizes of the profile, and beyond the last one."""
        lower, low = self.batches[0]
        for upper, high in self.batches[1:]:
            slope = (high - low) / (upper - lower)
            if size <= upper:
                return low + slope * (size - lower)
            lower, low = upper, high
        return low * size / lower


def time_scale() -> float:
    """`HERMOD_TIME_SCALE`, a factor on all latencies; 1 if it is not set."""
    return float(os.environ.get("HERMOD_TIME_SCALE", "1"))
