"""From the fork to the program's first line, and from its last one to the exit."""

from __future__ import annotations

import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from hermod.sandbox.confine import Limits

import hermod.client
import hermod.task
from hermod.sandbox import confine
from hermod.sandbox.clock import Clock
from hermod.sandbox.connection import Connection
from hermod.sandbox.inputs import Inputs
from hermod.sandbox.program import Program


@dataclass(frozen=True)
class Policy:
    """What the host says every program is held to."""

    ruleset: int
    filters: list[bytes]
    base_bytes: int


def run(server: int, policy: Policy, limits: Limits, fds: list[int]) -> NoReturn:
    """Runs one program. `fds`: the connection, stdout, stderr, then the inputs."""
    try:
        os.setsid()
        confine.die_with_parent(server)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        connection, *inputs = _settle(fds)
        _confine(policy, limits)
        _run(connection, inputs)
    except BaseException as error:  # nothing may reach the fork server's loop
        os.write(2, f"hermod: cannot run the program: {error!r}\n".encode())
        os.abort()  # an exit status would pass for the program's
    os._exit(0)


def _settle(fds: list[int]) -> list[int]:
    """Standard streams to their places, everything else above them."""
    connection, stdout, stderr, *inputs = fds
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, target)
        os.close(source)

    return [connection, *inputs]


def _confine(policy: Policy, limits: Limits) -> None:
    confine.restrict_files(policy.ruleset)
    os.close(policy.ruleset)
    confine.limit(limits, policy.base_bytes)
    for filter_ in policy.filters:
        confine.filter_system_calls(filter_)


def _run(connection_fd: int, input_fds: list[int]) -> None:
    connection = Connection(socket.socket(fileno=connection_fd))
    spec = connection.spec()
    client = hermod.client.Client(connection.attach)
    hermod.client.install(client)
    inputs = Inputs(spec["inputs"], input_fds, client, connection)
    inputs.install()
    Clock(spec["seed"], spec["observed"], connection.observed).install()
    sys.argv = [spec["filename"]]
    end = Program(spec["filename"], spec["source"]).run()
    client.finish()
    connection.ended(end)
