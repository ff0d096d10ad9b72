"""What a program may see go wrong with a call (RUNTIME J7), and what it may not catch."""

from __future__ import annotations

from typing import Any, ClassVar


class CallError(Exception):
    """A call failed. `str()` is function, kind and message and nothing else, so that it is the same
    in every run (SEMANTICS O3); what differs between runs are attributes."""

    kind: ClassVar[str] = "failed"

    def __init__(
        self,
        function: str,
        message: str,
        *,
        attempt: int | None = None,
        worker: str | None = None,
    ) -> None:
        super().__init__(function, message)
        self.function = function
        self.message = message
        self.attempt = attempt
        self.worker = worker

    def __str__(self) -> str:
        return f"{self.function}: {self.kind}: {self.message}"

    def __reduce__(self) -> tuple[Any, ...]:
        details = {"attempt": self.attempt, "worker": self.worker}
        return type(self), (self.function, self.message), details


class BadArguments(CallError):
    """No such function, or arguments that its schema refuses."""

    kind = "bad arguments"


class FunctionRaised(CallError):
    """The function's own code raised."""

    kind = "function raised"


class WorkerLost(CallError):
    """Workers died under the call, and it may not be tried again."""

    kind = "worker lost"


class CallDeadline(CallError):
    """Not finished within the call's deadline."""

    kind = "call deadline"


class GatewayError(ConnectionError):
    """There is no gateway, or it has gone: no call can be made. Says what to do."""


class TaskStopped(BaseException):
    """The task was ended from outside: budget, deadline, cancelled. Not an `Exception`, because a
    program may not go on after it (RUNTIME J7)."""


_BY_WIRE_KIND: dict[str, type[CallError]] = {
    "bad_arguments": BadArguments,
    "raised": FunctionRaised,
    "worker_lost": WorkerLost,
    "deadline": CallDeadline,
}


def wire_kind(error: BaseException) -> str | None:
    """The name that frames use for this kind of error; `None`: not a `CallError`."""
    return next((kind for kind, cls in _BY_WIRE_KIND.items() if isinstance(error, cls)), None)


def from_failure(function: str, failure: dict[str, Any]) -> CallError:
    """The error for a failed outcome, as it came in a frame."""
    cls = _BY_WIRE_KIND.get(failure["kind"], CallError)
    return cls(
        function,
        failure["message"],
        attempt=failure.get("attempt"),
        worker=failure.get("worker"),
    )
