# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""What is measured: a function that does nothing."""

from __future__ import annotations

import hermod


@hermod.function(effect="read", gpu_memory="32Mi", max_batch_size=64)
async def echo(value: str) -> str:
    """Gives back what it gets. Not pure, so that equal calls are not answered by one."""
    return value
