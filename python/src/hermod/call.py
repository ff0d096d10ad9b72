"""`hermod.call`: a remote call that is issued at once and may be awaited later (SEMANTICS H1)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any, NoReturn

from hermod import client as clients
from hermod.client import Client, Issued
from hermod.concurrency import guessing

Awaiting = Generator[Any, None, Any]


def call(name: str, /, **arguments: Any) -> Call:
    """Issues a call of the function `name`. Never raises: what is wrong with it is raised by the
    await, and so in its place in the program."""
    try:
        client = clients.current()
    except ConnectionError as error:
        return Call(None, clients.refused(str(name), error))
    return Call(client, client.issue(name, arguments, guessing.get()))


class Call(Coroutine[Any, Any, Any]):
    """A call on its way. Await it any number of times, from any task, thread and event loop: each
    await gives a copy of its own of the result. It is cancelled once nothing awaits or holds it.

    A coroutine for whoever asks (`create_task`, `gather`, `TaskGroup`, `wait_for`, `asyncio.run`…):
    each task that drives it is one more awaiter.
    """

    def __init__(self, client: Client | None, issued: Issued) -> None:
        self._client = client
        self._issued = issued
        self._drivers: dict[asyncio.Task[Any] | None, Awaiting] = {}

    def __await__(self) -> Awaiting:
        issued = self._issued
        while issued.outcome is None:
            waiter = asyncio.get_running_loop().create_future()
            issued.waiters.append(waiter)
            try:
                if issued.outcome is None:  # may have come before the waiter was there
                    yield from waiter
            finally:
                with suppress(ValueError):
                    issued.waiters.remove(waiter)
        return _result(self._client, issued)

    def send(self, value: Any) -> Any:
        """One step of the task that runs now."""
        task = _driving_task()
        driver = self._drivers.get(task)
        if driver is None:
            driver = self._drivers[task] = self.__await__()
        return self._step(task, driver.send, value)

    def throw(self, *error: Any) -> Any:
        """Ends one await: the task that runs now is cancelled."""
        task = _driving_task()
        driver = self._drivers.get(task)
        if driver is None:
            driver = self.__await__()  # cancelled before its first step
        return self._step(task, driver.throw, *error)

    def close(self) -> None:
        """Ends the await of the task that runs now, if any; the call goes on."""
        driver = self._drivers.pop(_driving_task(), None)
        if driver is not None:
            driver.close()

    def _step(self, task: asyncio.Task[Any] | None, step: Any, *arguments: Any) -> Any:
        try:
            return step(*arguments)
        except BaseException:
            self._drivers.pop(task, None)
            raise

    def __del__(self) -> None:
        if self._client is not None:
            self._client.abandon(self._issued)

    def __repr__(self) -> str:
        state = "pending" if self._issued.outcome is None else "ended"
        return f"<hermod.Call {self._issued.function} {state}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Call cannot be copied or pickled; await it and use its result")


def _result(client: Client | None, issued: Issued) -> Any:
    if client is None:
        assert isinstance(issued.outcome, BaseException)
        raise issued.outcome.with_traceback(None)
    return client.result(issued)


def _driving_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
