"""What a function may know about the call it is executing."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """One call, on one device."""

    idempotency_key: str | None
    """For writes: the same for every attempt of one call (RUNTIME J6)."""
    attempt: int
    """1, 2…"""
    device: str
    """By name: `pair-1/a6000`."""
    device_type: str
    """What latency profiles are keyed by: `A100`, `cpu`."""
    threads: int
    """CPU threads that the call may use."""
    memory_bytes: int
    """Device memory that the worker may hold, at most."""


_current: ContextVar[Context] = ContextVar("hermod_context")


def context() -> Context:
    """The context of the call that is being executed; of the device, in `__init__` and batches."""
    try:
        return _current.get()
    except LookupError:
        raise RuntimeError(
            "hermod.context() is known only while a worker executes a function"
        ) from None
