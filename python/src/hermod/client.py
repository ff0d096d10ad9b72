"""The calls of one program: issued in order, some in flight at a time, each with its outcome.

Everything that happens (a call, an outcome, a call that nobody holds any more) goes into one queue
and is worked off by whichever thread finds nobody else doing it. So it needs no event loop,
`__del__` may use it wherever the garbage collector runs, and a slow connection holds back the
program and nobody else.
"""

from __future__ import annotations

import atexit
import os
import threading
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any, Protocol

import msgpack

from hermod import errors
from hermod.concurrency import ahead
from hermod.constants import MAX_FRAME_BYTES
from hermod.guesses import Guess, Guesses
from hermod.imagery import Imagery
from hermod.values import NotAValueError, decode, encode

MOST_IN_FLIGHT = 256
"""Of a task's calls; more wait here, the oldest goes first (SEMANTICS H4). As many again may go
if they only join an equal one that went before (E5): what is awaited in its place in serial order
does not queue behind all that runs ahead of it."""

_BYE = b"\x81\xa3bye\x80"
_PONG = b"\x81\xa4pong\x80"

Outcome = dict[str, Any] | BaseException
"""`{"Ok": value}` or `{"Err": failure}` as it came, or why none will come."""


class Transport(Protocol):
    """How frames get out. Frames that come in are handed to `Client.received`."""

    def send(self, frames: list[bytes]) -> None:
        """Sends packed client frames; may block, never raises: a lost connection is reported."""

    def upload(self, digest: str, data: bytes) -> None:
        """Stores a blob before any frame that is sent later."""

    def fetch(self, digest: str) -> None:
        """Asks for a blob; it is handed to `Client.fetched`."""

    def close(self) -> None:
        """Sends what was given to `send`, then hangs up."""


class Issued:
    """One call: what was asked, its outcome once there is one, and who waits for it."""

    __slots__ = ("abandoned", "arguments", "function", "guess", "number", "outcome", "waiters")

    def __init__(self, function: str, arguments: bytes) -> None:
        self.function = function
        self.arguments = arguments
        self.number = -1
        self.outcome: Outcome | None = None
        self.waiters: list[Future[None]] = []
        self.abandoned = False
        self.guess: Guess | None = None

    def frame(self) -> bytes:
        """`{"call": {"id", "function", "arguments"}}`, of a guess with `"guess"` too."""
        size = b"\x83" if self.guess is None else b"\x84"
        function = b"\xa8function" + _pack(self.function)
        head = b"\x81\xa4call" + size + b"\xa2id" + _pack(self.number) + function
        tail = b"" if self.guess is None else b"\xa5guess" + _pack(asdict(self.guess))
        return head + b"\xa9arguments" + self.arguments + tail


class Client:
    """See the module. `connect` makes the transport, which delivers frames to this client."""

    def __init__(self, connect: Callable[[Client], Transport]) -> None:
        self.imagery = Imagery()
        self._events: deque[Callable[[], None]] = deque()
        self._turn = threading.Lock()
        self._in_flight: dict[int, Issued] = {}
        self._waiting: deque[Issued] = deque()
        self._joinable: set[str] = set()
        """Functions whose equal calls are made once, as far as outcomes have said so."""
        self._sent: set[int] = set()
        self._guesses = Guesses(self._sent)
        self._fetching: dict[str, list[Callable[[], None]]] = {}
        self._frames: list[bytes] = []
        self._woken: list[Future[None]] = []
        self._issued = 0
        self._lost: BaseException | None = None
        self._transport = connect(self)

    # What a program does.

    def issue(
        self, function: str, arguments: dict[str, Any], guessing: ahead | None = None
    ) -> Issued:
        """Issues a call; its arguments are copied now (H1). Never raises. `guessing`: where it is
        made before it is decided (E3)."""
        try:
            tree = encode(arguments, self._handle)
            packed = _pack(tree)
            if len(packed) + len(function) + 64 > MAX_FRAME_BYTES:
                raise NotAValueError(
                    f"arguments of {len(packed)} bytes; at most {MAX_FRAME_BYTES} travel"
                )
        except (NotAValueError, OSError, TypeError, ValueError) as error:
            return refused(str(function), errors.BadArguments(str(function), str(error)))
        issued = Issued(function, packed)
        if guessing is not None and guessing.speculate:
            self._happen(lambda: self._on_guessed(issued, guessing))
        else:
            self._happen(lambda: self._on_issued(issued))
        return issued

    def abandon(self, issued: Issued) -> None:
        """Nobody awaits or holds the call any more (H1). Safe in `__del__`."""
        if issued.outcome is None:
            self._happen(lambda: self._on_abandoned(issued))

    def result(self, issued: Issued) -> Any:
        """Its result, a fresh copy (E5, E6), or raises its failure."""
        outcome = issued.outcome
        if isinstance(outcome, BaseException):
            raise outcome.with_traceback(None)
        assert outcome is not None
        if "Err" in outcome:
            raise errors.from_failure(issued.function, outcome["Err"])
        return decode(outcome["Ok"], self.imagery.image)

    def send(self, frame: dict[str, Any]) -> None:
        """A frame of the transport's own."""
        self._happen(lambda: self._frames.append(_pack(frame)))

    def finish(self) -> None:
        """The program has ended. Calls that still waited here are sent: a write among them is
        finished even if nobody ever awaits it (H2)."""
        self._happen(self._on_finished)
        self._transport.close()

    @property
    def lost(self) -> bool:
        """No further call can be made."""
        return self._lost is not None

    # What the transport brings.

    def received(self, frames: list[dict[str, Any]]) -> None:
        """Frames `ToClient`, in order."""
        for frame in frames:
            if "outcome" in frame:
                outcome = partial(self._on_outcome, **frame["outcome"])
                self._events.append(outcome)
            elif "stop" in frame:
                stopped = errors.TaskStopped(frame["stop"]["reason"])
                self._events.append(partial(self._on_lost, stopped))
            elif "ping" in frame:
                self._events.append(lambda: self._frames.append(_PONG))
        self._work()

    def fetched(self, digest: str, data: bytes | None) -> None:
        """The answer to `Transport.fetch`; `None`: there is no such blob."""
        self._happen(lambda: self._on_fetched(digest, data))

    def disconnected(self, error: BaseException) -> None:
        """No frame will come or go any more."""
        self._happen(lambda: self._on_lost(error))

    # One thing at a time.

    def _happen(self, event: Callable[[], None]) -> None:
        self._events.append(event)
        self._work()

    def _work(self) -> None:
        # Whoever is refused the turn leaves its event to the one who has it, who looks again after
        # giving it back: nothing stays behind, and a thread never waits for itself.
        while self._events and self._turn.acquire(blocking=False):
            try:
                while self._events:
                    self._events.popleft()()
                self._flush()
            finally:
                self._turn.release()

    def _flush(self) -> None:
        frames, self._frames = self._frames, []
        if frames:
            self._transport.send(frames)
        woken, self._woken = self._woken, []
        by_loop: dict[AbstractEventLoop, list[Future[None]]] = {}
        for waiter in woken:
            by_loop.setdefault(waiter.get_loop(), []).append(waiter)
        for loop, waiters in by_loop.items():
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_wake, waiters)

    def _on_guessed(self, issued: Issued, scope: ahead) -> None:
        def go(guess: Guess | None) -> None:
            issued.guess = guess
            if not issued.abandoned:
                self._take_in(issued)

        self._guesses.guess(scope, _sameness(issued), go)

    def _on_issued(self, issued: Issued) -> None:
        sameness = _sameness(issued)  # what is dispatched keeps no arguments
        self._take_in(issued)
        self._guesses.came_true(sameness)

    def _take_in(self, issued: Issued) -> None:
        issued.number = self._issued
        self._issued += 1
        if self._lost is not None:
            self._end(issued, self._lost)
        elif self._joins(issued):
            self._dispatch(issued)
        else:
            self._waiting.append(issued)
            self._advance()

    def _joins(self, issued: Issued) -> bool:
        room = len(self._in_flight) < 2 * MOST_IN_FLIGHT
        return room and issued.function in self._joinable and _sameness(issued) in self._sent

    def _advance(self) -> None:
        while self._waiting and len(self._in_flight) < MOST_IN_FLIGHT:
            self._dispatch(self._waiting.popleft())

    def _dispatch(self, issued: Issued) -> None:
        self._frames.append(issued.frame())
        self._sent.add(_sameness(issued))
        issued.arguments = b""
        if issued.abandoned:
            # Sent all the same: only the gateway knows whether it is a write (H2).
            self._frames.append(_cancel(issued.number))
        else:
            self._in_flight[issued.number] = issued

    def _on_abandoned(self, issued: Issued) -> None:
        issued.abandoned = True
        if self._in_flight.pop(issued.number, None) is not None:
            self._frames.append(_cancel(issued.number))
            self._advance()

    def _on_outcome(
        self,
        id: int,  # noqa: A002
        outcome: dict[str, Any],
        joinable: bool = False,
        **_: Any,
    ) -> None:
        issued = self._in_flight.get(id)
        if issued is None:
            return  # abandoned meanwhile
        if joinable:
            self._joinable.add(issued.function)
        missing = self.imagery.missing(outcome.get("Ok"))
        if missing is None:
            del self._in_flight[id]
            self._end(issued, outcome)
            self._advance()
        else:
            again = self._fetching.setdefault(missing, [])
            again.append(partial(self._on_outcome, id, outcome))
            if len(again) == 1:
                self._transport.fetch(missing)

    def _on_fetched(self, digest: str, data: bytes | None) -> None:
        self.imagery.know(digest, data)
        for again in self._fetching.pop(digest, []):
            again()

    def _on_lost(self, error: BaseException) -> None:
        if self._lost is None:
            self._lost = error
            unfinished = [*self._in_flight.values(), *self._waiting]
            self._in_flight.clear()
            self._waiting.clear()
            for issued in unfinished:
                self._end(issued, error)

    def _on_finished(self) -> None:
        while self._waiting and self._lost is None:
            self._dispatch(self._waiting.popleft())
        self._frames.append(_BYE)

    def _end(self, issued: Issued, outcome: Outcome) -> None:
        issued.outcome = outcome
        self._woken += issued.waiters
        issued.waiters.clear()

    def _handle(self, image: Any) -> Any:
        handle, blob = self.imagery.handle(image)
        if blob is not None:
            self._happen(lambda: self._transport.upload(handle["blob"], blob))
        return handle


def refused(function: str, error: BaseException) -> Issued:
    """A call that ended before it was sent."""
    issued = Issued(function, b"")
    issued.outcome = error
    return issued


def _sameness(issued: Issued) -> int:
    return hash((issued.function, issued.arguments))


def _wake(waiters: list[Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)


def _cancel(number: int) -> bytes:
    return b"\x81\xa6cancel\x81\xa2id" + _pack(number)


def _pack(value: Any) -> bytes:
    packed: bytes = msgpack.packb(value)
    return packed


_current: Client | None = None
_refusal: str | None = None
_guard = threading.Lock()


def current() -> Client:
    """This process's client: the sandbox's, or a connection to the gateway at `HERMOD_URL`."""
    global _current  # noqa: PLW0603 (a process is one program)
    with _guard:
        if _refusal is not None:
            raise errors.GatewayError(_refusal)
        if _current is None or _current.lost:
            from hermod.gateway import Gateway  # noqa: PLC0415 (not needed in the sandbox)

            address = Gateway.address(os.environ)
            _current = Client(lambda client: Gateway(address, client))
            atexit.register(_current.finish)
        return _current


def install(client: Client) -> None:
    """Calls of this process go through `client` from now on."""
    global _current  # noqa: PLW0603
    _current = client


def refuse(reason: str) -> None:
    """Calls of this process fail with this reason: a function may not call functions (J8)."""
    global _refusal  # noqa: PLW0603
    _refusal = reason


def _forget_after_fork() -> None:
    global _current, _guard
    _current, _guard = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)
