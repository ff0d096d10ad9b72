"""What a function prints while it executes a call: to the worker's log, and to the call's own.

What libraries write beside Python (straight to the file descriptor) is in the worker's log alone.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TextIO, cast

from hermod.worker.leases import CallRef

MOST = 16 * 1024
"""Characters that are kept of one call."""
_REST = "… the rest is in the worker's log\n"

Send = Callable[[CallRef, str], None]

executing: ContextVar[tuple[CallRef, ...]] = ContextVar("hermod_executing", default=())
"""The calls that this code runs for; several in a batch form."""


class Printed:
    """Stands before stdout and stderr. Whole lines are sent, as soon as they are whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[tuple[CallRef, ...], str] = {}
        self._kept: dict[CallRef, int] = {}
        self._send: Send | None = None

    def install(self) -> None:
        """From now on what is printed passes here; before any author's code takes a stream."""
        sys.stdout = cast("TextIO", _Stream(sys.stdout, self))
        sys.stderr = cast("TextIO", _Stream(sys.stderr, self))

    def send_to(self, send: Send) -> None:
        """Where calls' lines go."""
        self._send = send

    def take(self, text: str) -> None:
        """Something was printed."""
        calls = executing.get()
        if not calls or not text:
            return
        with self._lock:
            lines, newline, rest = (self._lines.pop(calls, "") + text).rpartition("\n")
            if rest:
                self._lines[calls] = rest
        if newline:
            self._keep(calls, lines + newline)

    def finish(self, calls: tuple[CallRef, ...]) -> None:
        """These calls have ended: what they printed without a newline is a line, too."""
        with self._lock:
            rest = self._lines.pop(calls, "")
        if rest:
            self._keep(calls, rest + "\n")
        for call in calls:
            self._kept.pop(call, None)

    def _keep(self, calls: tuple[CallRef, ...], text: str) -> None:
        for call in calls:
            kept = self._kept.get(call, 0)
            if kept >= MOST:
                continue
            self._kept[call] = kept + len(text)
            if self._send is not None:
                room = MOST - kept
                self._send(call, text if len(text) < room else text[:room] + _REST)


class _Stream:
    """A standard stream that is listened to."""

    def __init__(self, stream: TextIO, printed: Printed) -> None:
        self._stream = stream
        self._printed = printed

    def write(self, text: str) -> int:
        """See `io.TextIOBase`."""
        written = self._stream.write(text)
        self._printed.take(text)
        return written

    def writelines(self, lines: list[str]) -> None:
        """See `io.IOBase`."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


printed = Printed()
