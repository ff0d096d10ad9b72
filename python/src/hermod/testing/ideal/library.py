"""Which functions of Python's own keep parts apart; all others mix what they get."""

from __future__ import annotations

import asyncio
import functools
import heapq
import itertools
import random
import time
from collections.abc import Callable
from typing import Any

from hermod import concurrency
from hermod.testing.ideal.calls import Given, Keywords
from hermod.testing.ideal.containers import Containers


class Library(Containers):
    """All that a rewritten program calls."""

    def _special(self, function: Any) -> Callable[[list[Given], Keywords], Any] | None:
        try:
            name = SPECIAL.get(function)
        except TypeError:  # not hashable
            return None
        return getattr(self, name) if name else None


SPECIAL: dict[Any, str] = {
    len: "_len", bool: "_bool", isinstance: "_isinstance", print: "_print", list: "_list",
    tuple: "_tuple", dict: "_dict", enumerate: "_enumerate", zip: "_zip", iter: "_iter",
    reversed: "_reversed", map: "_map", filter: "_filter", next: "_next", sorted: "_sorted",
    min: "_least", max: "_most", any: "_any", all: "_all", setattr: "_setattr",
    getattr: "_getattr", functools.partial: "_partial", itertools.chain: "_chain",
    heapq.heappush: "_heappush", random.shuffle: "_shuffle",
    asyncio.sleep: "_sleep", asyncio.gather: "_gather", concurrency.gather: "_gather",
    asyncio.create_task: "_create_task", asyncio.ensure_future: "_create_task",
    asyncio.shield: "_same_work", asyncio.wait_for: "_wait_for",
    asyncio.to_thread: "_to_thread", asyncio.as_completed: "_cannot", asyncio.wait: "_cannot",
    concurrency.ahead: "_cannot", time.sleep: "_cannot",
}  # fmt: skip
