"""Runs a program's source as `python FILE` would, and says how it ended (SEMANTICS O1)."""

from __future__ import annotations

import atexit
import io
import linecache
import sys
import threading
import traceback
import types
from typing import Any

from hermod.errors import wire_kind
from hermod.sandbox import confine

End = dict[str, Any]
"""`ProgramEnd` of `crates/wire`."""


class Program:
    """One program, as `__main__`."""

    def __init__(self, filename: str, source: str) -> None:
        self._filename = filename
        self._source = source

    def run(self) -> End:
        """Until its last thread and its last exit handler have ended, and its output is written."""
        _standard_streams()
        lines = self._source.splitlines(keepends=True)
        linecache.cache[self._filename] = (len(self._source), None, lines, self._filename)
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=self._filename, __builtins__=sys.modules["builtins"])
        sys.modules["__main__"] = main
        end = self._ended(lambda: self._execute(main))
        after = self._ended(_wind_up)
        return end if "normal" not in end else after

    def _execute(self, main: types.ModuleType) -> None:
        code = compile(self._source, self._filename, "exec", dont_inherit=True)
        exec(code, main.__dict__)  # noqa: S102 (what this process is for)

    def _ended(self, run: Any) -> End:
        try:
            run()
        except SystemExit as exit_:
            return {"exit": {"code": _exit_code(exit_.code)}}
        except BaseException as error:
            confine.release_reserve()  # it may be that memory has run out
            return {"exception": self._exception(error)}
        return {"normal": {}}

    def _exception(self, error: BaseException) -> dict[str, Any]:
        kind = type(error)
        own = kind.__module__ in ("builtins", "__main__")
        try:
            message = str(error)
        except Exception:  # of the program's own making
            message = "<exception str() failed>"
        return {
            "type": kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}",
            "message": message,
            "traceback": self._traceback(error),
            "call_failed": wire_kind(error),
        }

    def _traceback(self, error: BaseException) -> str:
        """The program's own frames only."""
        report = traceback.TracebackException.from_exception(error)
        pending: list[traceback.TracebackException | None] = [report]
        while pending:
            each = pending.pop()
            if each is not None:
                kept = [frame for frame in each.stack if frame.filename == self._filename]
                each.stack = traceback.StackSummary.from_list(kept)
                pending += [each.__cause__, each.__context__]
        return "".join(report.format())


def _standard_streams() -> None:
    """A line is out when it is printed: item 0's lines come before item 9 ends (A5)."""
    sys.stdin = io.TextIOWrapper(io.FileIO(0, "r", closefd=False), "utf-8")
    for name, fd, errors in (("stdout", 1, "strict"), ("stderr", 2, "backslashreplace")):
        raw = io.BufferedWriter(io.FileIO(fd, "w", closefd=False))
        stream = io.TextIOWrapper(raw, "utf-8", errors, line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _wind_up() -> None:
    threading._shutdown()  # type: ignore[attr-defined]  # as Python's own main does
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()


def _exit_code(code: Any) -> int:
    """As Python has it: a message goes to stderr and means 1."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1
