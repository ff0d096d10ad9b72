"""The task's inputs, and clear words about every other file (RUNTIME V4).

The kernel is what keeps a program from files. This makes an input's name open the input, and turns
the kernel's "permission denied" into an error that says what can be opened.
"""

from __future__ import annotations

import builtins
import io
import os
from typing import TYPE_CHECKING, Any

import hermod.task
from hermod.images import open_tracked

if TYPE_CHECKING:
    from hermod.client import Client
    from hermod.sandbox.connection import Connection

_open = builtins.open


class Inputs:
    """By name; their bytes are open file descriptors, read when somebody asks."""

    def __init__(
        self,
        inputs: list[dict[str, Any]],
        fds: list[int],
        client: Client,
        connection: Connection,
    ) -> None:
        self._inputs = {each["name"]: (each, fd) for each, fd in zip(inputs, fds, strict=True)}
        self._connection = connection
        for each in inputs:
            client.imagery.opened(each["blob"])

    def install(self) -> None:
        """As `open`, `Image.open` and `hermod.input`."""
        from PIL import Image  # noqa: PLC0415 (loaded by the fork server)

        hermod.task.install(self)
        builtins.open = io.open = self.open
        real_image_open = Image.open

        def image_open(fp: Any, mode: str = "r", formats: Any = None) -> Any:
            if mode != "r":
                raise ValueError(f"bad mode {mode!r}")
            if isinstance(fp, str | os.PathLike | bytes):
                return self.image(os.fsdecode(fp))
            return real_image_open(fp, "r", formats)

        Image.open = image_open

    # `hermod.task.Task`

    def read(self, name: str) -> tuple[str, bytes]:
        """Kind and bytes of an input."""
        if name not in self._inputs:
            raise FileNotFoundError(f"{name!r} is not an input of this task; {self._offer()}")
        each, fd = self._inputs[name]
        return each["kind"], self._bytes(fd)

    def image(self, name: str) -> Any:
        """An input as an image with its lineage."""
        _, data = self.read(name)
        return open_tracked(data, self._inputs[name][0]["blob"], name)

    def answer(self, tree: Any) -> None:
        """The task's structured answer."""
        self._connection.answer(tree)

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        *rest: Any,
        **named: Any,
    ) -> Any:
        """`open` as Python has it, for inputs; what else the kernel refuses is explained."""
        name = os.fsdecode(file) if isinstance(file, str | bytes | os.PathLike) else None
        if name is not None and name in self._inputs:
            if set(mode) & set("wax+"):
                raise PermissionError(f"the input {name!r} can only be read")
            stream = io.BytesIO(self.read(name)[1])
            stream.name = name
            return stream if "b" in mode else io.TextIOWrapper(stream, encoding, errors, newline)
        try:
            return _open(file, mode, buffering, encoding, errors, newline, *rest, **named)
        except (PermissionError, FileNotFoundError) as error:
            message = f"a program can open its inputs only, not {file!r}; {self._offer()}"
            raise type(error)(message) from None

    @staticmethod
    def _bytes(fd: int) -> bytes:
        size = os.fstat(fd).st_size
        parts, at = [], 0
        while at < size and (part := os.pread(fd, size - at, at)):
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def _offer(self) -> str:
        if not self._inputs:
            return "it has no inputs"
        return f"its inputs: {', '.join(map(repr, self._inputs))}"
