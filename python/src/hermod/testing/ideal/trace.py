"""Runs a serial program that traces itself."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import functools
import io
import sys
from collections.abc import Coroutine, Iterator
from types import CodeType
from typing import Any
from unittest import mock

from hermod.testing.clock import Deadlock, VirtualLoop, run_virtually
from hermod.testing.functions import Function, Plan
from hermod.testing.ideal.build import RUNTIME, CannotTrace, tags_name
from hermod.testing.ideal.library import Library
from hermod.testing.ideal.schedule import Node
from hermod.testing.ideal.statements import rewrite
from hermod.testing.run import modules
from hermod.testing.surroundings import Inputs, fixed


def trace(source: str, catalog: dict[str, Function], plan: Plan) -> tuple[list[Node], str]:
    """The calls and sleeps of one run, each with what it needs; and what the run printed."""
    code, bound = _rewritten(source)
    runtime, inputs = Library(catalog, plan), Inputs(plan.inputs)
    names: dict[str, Any] = {tags_name(name): 0 for name in bound}
    names |= {"__name__": "__main__", "open": inputs.open, RUNTIME: runtime}
    out = io.StringIO()
    with (
        _in_place(runtime, inputs),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        try:
            exec(code, names)  # noqa: S102
        except Deadlock as error:
            raise CannotTrace(runtime.line, "tasks that wait for each other") from error
        except CannotTrace:
            raise
        except SystemExit:  # an end like any other
            pass
        except Exception as error:
            runtime.note(error, 0)
    return runtime.nodes, out.getvalue()


@functools.lru_cache(maxsize=64)
def _rewritten(source: str) -> tuple[CodeType, set[str]]:
    """Once for all latency draws."""
    made, bound = rewrite(ast.parse(source))
    return compile(made, "program.py", "exec"), bound


@contextlib.contextmanager
def _in_place(runtime: Library, inputs: Inputs) -> Iterator[None]:
    """The modules that a program sees, and its event loop."""

    def run_main(main: Coroutine[Any, Any, Any], **_: Any) -> Any:
        return run_virtually(VirtualLoop(), main)

    replaced = mock.patch.dict(sys.modules, modules(runtime.hermod_call, inputs))
    with fixed(), replaced, mock.patch.object(asyncio, "run", run_main):
        yield
