"""What a program sees beside its calls: inputs, clocks, chance. The same in every run (O2)."""

from __future__ import annotations

import contextlib
import io
import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import hermod.task
from hermod.testing.images import FakeImage

_SECONDS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
_START = 1_700_000_000.0


class Inputs:
    """Inputs of any name: images are names, everything else is some lines of text."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self.answer: Any = None
        #: What the program has opened, in this order.
        self.opened: list[str] = []

    def open(self, file: Any, mode: str = "r", *_: Any, **__: Any) -> Any:
        """Stands in for `open` in the program's text."""
        if set(mode) & set("wax+"):
            raise PermissionError(f"the input {str(file)!r} can only be read")
        data = self._text(str(file)).encode()
        return io.BytesIO(data) if "b" in mode else io.TextIOWrapper(io.BytesIO(data), "utf-8")

    def input(self, name: str) -> Any:
        """Stands in for `hermod.input` (V4)."""
        kind = hermod.task.Folder.kind(name)
        if kind == "image":
            return self.open_image(name)
        return hermod.task.parsed(kind, self._text(name).encode())

    def take_answer(self, value: Any) -> None:
        """Stands in for `hermod.answer` (V4)."""
        self.answer = value

    def open_image(self, file: Any, *_: Any, **__: Any) -> FakeImage:
        """Stands in for `Image.open`."""
        self._note(str(file))
        return FakeImage(str(file))

    def _note(self, name: str) -> None:
        if name not in self.opened:
            self.opened.append(name)

    def _text(self, name: str) -> str:
        self._note(name)
        if name in self._texts:
            return self._texts[name]
        match name.rpartition(".")[2].lower():
            case "json":
                return '[{"id": 1, "name": "amber"}, {"id": 2, "name": "birch"}]'
            case "csv":
                return "id,name\n1,amber\n2,birch\n"
        return f"the first line of {name}\nthe second\n"


@contextlib.contextmanager
def fixed() -> Iterator[None]:
    """Chance starts anew; each reading of a clock is a millisecond after the one before."""
    random.seed(0)
    readings: dict[str, Any] = {name: _ticking(1e-3) for name in _SECONDS}
    readings |= {f"{name}_ns": _ticking(1_000_000) for name in _SECONDS}
    with mock.patch.multiple(time, **readings, sleep=_no_sleep):
        yield


def _no_sleep(_seconds: float) -> None:
    pass


def _ticking(step: float) -> Callable[[], float]:
    kind = type(step)
    readings = itertools.count()
    start = kind(_START * step * 1000)
    return lambda: start + next(readings) * step
