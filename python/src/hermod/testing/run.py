"""One run of a program's text, and what could be observed of it (SEMANTICS O1)."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import sys
import warnings
from collections.abc import Coroutine, Iterator
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any
from unittest import mock

from hermod import concurrency
from hermod.testing import images
from hermod.testing.clock import VirtualLoop, run_virtually
from hermod.testing.functions import Call, CallError, Function, Functions, Plan


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

    def observables(self) -> dict[str, Any]:
        """What must be equal (O1)."""
        seen = asdict(self)
        return {name: seen[name] for name in ("stdout", "stderr", "end", "writes")}


def run(source: str, catalog: dict[str, Function], plan: Plan) -> Report:
    """Runs the program as `__main__`, each `asyncio.run` in virtual time."""
    functions = Functions(catalog, plan)
    loops: list[VirtualLoop] = []
    out, err = io.StringIO(), io.StringIO()

    def run_main(main: Coroutine[Any, Any, Any], **_: Any) -> Any:
        loops.append(VirtualLoop())
        return run_virtually(loops[-1], main)

    with _quiet() as warned, mock.patch.dict(sys.modules, _modules(functions)):
        patched = mock.patch.object(asyncio, "run", run_main)
        with patched, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            end = _end_of(source)
        gc.collect()
    complaints = [complaint for loop in loops for complaint in loop.complaints]
    complaints += [str(warning.message) for warning in warned]
    makespan = sum(loop.time() for loop in loops)
    calls = functions.calls
    return Report(
        out.getvalue(), err.getvalue(), end, functions.writes, makespan, calls, complaints
    )


def _end_of(source: str) -> list[str]:
    try:
        exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})  # noqa: S102
    except SystemExit as exit_:
        return ["exit", str(exit_.code)]
    except Exception as error:
        return ["raised", type(error).__name__, str(error)]
    return ["normal"]


@contextlib.contextmanager
def _quiet() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield warned


def _modules(functions: Functions) -> dict[str, ModuleType]:
    package = ModuleType("hermod")
    package.call = functions.call  # type: ignore[attr-defined]
    package.ahead = concurrency.ahead  # type: ignore[attr-defined]
    package.gather = concurrency.gather  # type: ignore[attr-defined]
    package.CallError = CallError  # type: ignore[attr-defined]
    return {"hermod": package, **images.modules()}
