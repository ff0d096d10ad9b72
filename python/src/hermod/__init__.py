"""Functions for DiCE-C, and programs that call them.

Names are imported when they are first used: a program pays for no pydantic, a function's file for
no client.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hermod.constants import VERSION as __version__  # noqa: N811

if TYPE_CHECKING:
    from hermod.call import Call, call
    from hermod.concurrency import ahead, gather
    from hermod.context import Context, context
    from hermod.errors import (
        BadArguments,
        CallDeadline,
        CallError,
        FunctionRaised,
        WorkerLost,
    )
    from hermod.function import Failure, function
    from hermod.task import answer, input  # noqa: A004 (V4 names it so)

__all__ = [
    "BadArguments",
    "Call",
    "CallDeadline",
    "CallError",
    "Context",
    "Failure",
    "FunctionRaised",
    "WorkerLost",
    "__version__",
    "ahead",
    "answer",
    "call",
    "context",
    "function",
    "gather",
    "input",
]

_MODULES = {
    "BadArguments": "errors",
    "Call": "call",
    "CallDeadline": "errors",
    "CallError": "errors",
    "Context": "context",
    "Failure": "function",
    "FunctionRaised": "errors",
    "WorkerLost": "errors",
    "ahead": "concurrency",
    "answer": "task",
    "call": "call",
    "context": "context",
    "function": "function",
    "gather": "concurrency",
    "input": "task",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        # Importing `hermod.call` would put that module where the function `hermod.call` belongs.
        if name not in _MODULES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
