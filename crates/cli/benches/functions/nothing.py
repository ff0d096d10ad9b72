# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A function that does nothing, so that what a call costs is all that there is to measure."""

from __future__ import annotations

import hermod


@hermod.function(
    effect="read", gpu_memory="32Mi", max_batch_size=64, batched=True, origin="simulated"
)
async def nothing(value: list[int]) -> list[int]:
    """Gives back what it gets."""
    return value
