# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A function that does not end by itself."""

from __future__ import annotations

import asyncio

import hermod


@hermod.function(effect="read", gpu_memory="32Mi")
async def wait(number: int) -> int:
    """Waits for an hour."""
    await asyncio.sleep(3600)
    return number
