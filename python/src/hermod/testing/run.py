"""One run of a program's text, and what could be observed of it (SEMANTICS O1)."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import sys
import warnings
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, FrameType, ModuleType
from typing import Any
from unittest import mock

import hermod
from hermod.testing import images
from hermod.testing.clock import VirtualLoop, run_virtually
from hermod.testing.functions import PROGRAM, Call, Function, Functions, Plan
from hermod.testing.surroundings import Inputs, fixed


@dataclass
class Report:
    """What others could see, then what only we can."""

    stdout: str
    stderr: str
    end: list[str]
    writes: list[list[Any]]
    makespan: float
    calls: list[Call]
    complaints: list[str]
    #: Exceptions raised in the program's own text; counted only when traced.
    exceptions: int = 0
    #: What the program gave to `hermod.answer` last (V4).
    answer: Any = None
    inputs: list[str] = field(default_factory=list)

    def observables(self) -> dict[str, Any]:
        """What must be equal (O1)."""
        names = ("stdout", "stderr", "end", "writes", "answer")
        return {name: getattr(self, name) for name in names}


def run(
    source: str,
    catalog: dict[str, Function],
    plan: Plan,
    *,
    traced: bool = False,
    functions: Functions | None = None,
) -> Report:
    """Runs the program as `__main__`, each `asyncio.run` in virtual time.

    Functions are made up from the catalog, unless others are given."""
    gc.collect(1)  # what the last run left; before anything of this one grows old with it
    functions = functions or Functions(catalog, plan)
    inputs = Inputs(plan.inputs)
    loops: list[VirtualLoop] = []
    out, err = io.StringIO(), io.StringIO()

    def run_main(main: Coroutine[Any, Any, Any], **_: Any) -> Any:
        loops.append(VirtualLoop())
        return run_virtually(loops[-1], main)

    replaced = mock.patch.dict(sys.modules, modules(functions.call, inputs))
    with _quiet() as warned, _young(), fixed(), replaced:
        patched = mock.patch.object(asyncio, "run", run_main)
        tracing = _Exceptions() if traced else contextlib.nullcontext(_Exceptions())
        streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with patched, streams[0], streams[1], tracing as exceptions:
            end = _end_of(source, inputs)
        gc.collect(0)  # whoever was never awaited says so now
    complaints = [complaint for loop in loops for complaint in loop.complaints]
    complaints += [str(warning.message) for warning in warned]
    makespan = sum(loop.time() for loop in loops)
    calls = functions.calls
    return Report(
        out.getvalue(), err.getvalue(), end, functions.writes, makespan, calls, complaints,
        exceptions.count, inputs.answer, inputs.opened,
    )  # fmt: skip


class _Exceptions:
    """Counts what is raised in the program's own frames, handled or not."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> _Exceptions:
        sys.settrace(self._enter_frame)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter_frame(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != PROGRAM:
            return None
        frame.f_trace_lines = False
        return self._in_frame

    def _in_frame(self, _frame: FrameType, event: str, argument: Any) -> Any:
        quiet = event == "exception" and argument[0] in {StopIteration, StopAsyncIteration}
        self.count += event == "exception" and not quiet
        return self._in_frame


@lru_cache(maxsize=64)
def _compiled(source: str) -> CodeType:
    return compile(source, PROGRAM, "exec", dont_inherit=True)


def _end_of(source: str, inputs: Inputs) -> list[str]:
    try:
        exec(_compiled(source), {"__name__": "__main__", "open": inputs.open})  # noqa: S102
    except SystemExit as exit_:
        return ["exit", str(exit_.code)]
    except MemoryError:  # of this process, which runs other programs too (O3)
        raise
    except (Exception, asyncio.CancelledError) as error:
        return ["raised", type(error).__name__, str(error)]
    return ["normal"]


@contextlib.contextmanager
def _quiet() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield warned


@contextlib.contextmanager
def _young() -> Iterator[None]:
    """Keeps what a run leaves behind in the youngest generation, where it is quickly found."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


#: What a program may use of `hermod` as it is.
_NAMES = (
    "BadArguments",
    "CallDeadline",
    "CallError",
    "FunctionRaised",
    "WorkerLost",
    "ahead",
    "gather",
)


def modules(call: Callable[..., Any], inputs: Inputs) -> dict[str, ModuleType]:
    """What a program imports in place of the package and of Pillow."""
    package = ModuleType("hermod")
    for name in _NAMES:
        setattr(package, name, getattr(hermod, name))
    package.call = call  # type: ignore[attr-defined]
    package.input = inputs.input  # type: ignore[attr-defined]
    package.answer = inputs.take_answer  # type: ignore[attr-defined]
    return {"hermod": package, **images.modules(inputs.open_image)}
