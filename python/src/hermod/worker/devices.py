"""What `__init__` loaded, per device: one for a real function, many for a simulated one."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hermod.context import Context, _current
from hermod.function import Declaration


@dataclass
class Device:
    """A device on which the function is resident."""

    id: str
    kind: str
    memory_bytes: int
    threads: int
    serve: Callable[..., Any]
    """The author's function, or the instance of the author's class."""
    slots: asyncio.Semaphore
    """As many batches at once as the author said."""

    def context(self, attempt: int, idempotency_key: str | None) -> Context:
        """What the author's code may ask for."""
        if attempt == 1 and idempotency_key is None:
            return self._first_attempt
        return self._context(attempt, idempotency_key)

    @cached_property
    def _first_attempt(self) -> Context:
        """Of nearly every call, and of `__init__`."""
        return self._context(1, None)

    def _context(self, attempt: int, idempotency_key: str | None) -> Context:
        return Context(
            idempotency_key, attempt, self.id, self.kind, self.threads, self.memory_bytes
        )


@dataclass(frozen=True)
class Loaded:
    """A device, what loading took, and what it holds."""

    device: Device
    load_ns: int
    memory_bytes: int


def load(declaration: Declaration, grant: dict[str, Any]) -> Loaded:
    """Runs `__init__`; blocks as long as that takes. What it raises is the author's."""
    device = Device(
        id=grant["id"],
        kind=grant["kind"],
        memory_bytes=grant["memory_bytes"],
        threads=grant["threads"],
        serve=declaration.target,
        slots=asyncio.Semaphore(declaration.concurrency),
    )
    if declaration.origin == "real":
        _confine(grant)
    before = resident_bytes()
    started = time.monotonic_ns()
    _current.set(device.context(1, None))
    if declaration.is_class:
        device.serve = declaration.target()
    load_ns = time.monotonic_ns() - started
    if declaration.origin == "simulated":
        return Loaded(device, load_ns, declaration.gpu_memory_bytes)
    return Loaded(device, load_ns, _gpu_bytes() or max(0, resident_bytes() - before))


def unload() -> None:
    """After the last reference to a model is gone."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _confine(grant: dict[str, Any]) -> None:
    """To one device and its threads, for the libraries that look when they start."""
    threads = str(grant["threads"])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = threads
    if grant["kind"] != "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = str(grant["index"])


def memory() -> dict[str, int]:
    """What a `pong` says: of the process, and of its device where that is a GPU."""
    gpu = _most_gpu_bytes()
    told = {"memory_bytes": resident_bytes()}
    return {**told, "device_memory_bytes": gpu} if gpu else told


def _gpu_bytes() -> int:
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return 0
    return int(torch.cuda.memory_reserved())


def _most_gpu_bytes() -> int:
    """The most that torch ever reserved, and what the process has besides: kernels and context.

    What others hold on the GPU counts as this process's: it is exact for who is alone there.
    """
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return 0
    free, total = torch.cuda.mem_get_info()
    besides = max(0, total - free - torch.cuda.memory_reserved())
    return int(torch.cuda.max_memory_reserved() + besides)


def resident_bytes() -> int:
    """Of this process, in memory."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # no Linux: the most that it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()
