"""A task's inputs and its answer (RUNTIME V4), in the sandbox and under plain `python`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from hermod.values import encode

_INTEGER = re.compile(r"-?(0|[1-9]\d*)")  # 007 is a name, not a number
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_IMAGE_SUFFIXES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_KINDS = {".json": "json", ".csv": "csv", ".txt": "text", ".md": "text"}


class Task(Protocol):
    """Where inputs come from and the answer goes."""

    def read(self, name: str) -> tuple[str, bytes]:
        """Kind (`image`, `text`, `json`, `csv`, `bytes`) and bytes of an input."""

    def image(self, name: str) -> Any:
        """An input that is an image."""

    def answer(self, tree: Any) -> None:
        """Takes the answer, encoded."""


class Folder:
    """Under plain `python`: inputs are files of the working directory; the answer is what the
    program prints, so a structured one is only checked."""

    def read(self, name: str) -> tuple[str, bytes]:
        """See `Task`; the kind goes by the file's name."""
        return self.kind(name), Path(name).read_bytes()

    @staticmethod
    def kind(name: str) -> str:
        """Of an input, by its name."""
        suffix = Path(name).suffix.lower()
        return "image" if suffix in _IMAGE_SUFFIXES else _KINDS.get(suffix, "bytes")

    def image(self, name: str) -> Any:
        """See `Task`."""
        from PIL import Image  # noqa: PLC0415

        return Image.open(name)

    def answer(self, tree: Any) -> None:
        """See `Task`."""


_task: Task = Folder()


def install(task: Task) -> None:
    """The process's task from now on."""
    global _task  # noqa: PLW0603 (a process is one program)
    _task = task


def input(name: str) -> Any:  # noqa: A001
    """The task's input `name`: JSON as its value, CSV as a list of dicts (a column of numbers gives
    numbers), text as `str`, an image as an image, else bytes."""
    kind, data = _task.read(name)
    return _task.image(name) if kind == "image" else parsed(kind, data)


def parsed(kind: str, data: bytes) -> Any:
    """The value of an input that is no image."""
    return _READERS[kind](data)


def answer(value: Any) -> None:
    """Makes `value` the task's answer, in place of what the program prints. The last one counts."""
    _task.answer(encode(value, _no_image))


def _no_image(_image: Any) -> Any:
    raise TypeError("an image cannot be part of an answer")


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _csv(data: bytes) -> list[dict[str, Any]]:
    rows = list(csv.reader(io.StringIO(_text(data), newline="")))
    if not rows:
        return []
    names, body = rows[0], [row for row in rows[1:] if row]
    filled = [row + [""] * (len(names) - len(row)) for row in body]
    columns = [_column([row[index] for row in filled]) for index in range(len(names))]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _column(cells: list[str]) -> list[Any]:
    for pattern, number in ((_INTEGER, int), (_NUMBER, float)):
        filled = [cell for cell in cells if cell]
        if filled and all(pattern.fullmatch(cell) for cell in filled):
            return [number(cell) if cell else None for cell in cells]
    return list(cells)


_READERS: dict[str, Callable[[bytes], Any]] = {
    "json": lambda data: json.loads(_text(data)),
    "csv": _csv,
    "text": _text,
    "bytes": bytes,
}
