"""The fork server: imports once what programs import, then forks a process per program.

It talks over its stdin, a `SOCK_SEQPACKET` socket whose other end the host holds. The first message
has the policy; each further one asks for a process and carries its file descriptors. When the host
goes, this process goes, and every program with it.
"""

from __future__ import annotations

import asyncio  # noqa: F401
import collections  # noqa: F401
import csv  # noqa: F401
import dataclasses  # noqa: F401
import datetime  # noqa: F401
import decimal  # noqa: F401
import functools  # noqa: F401
import gc
import itertools  # noqa: F401
import json  # noqa: F401
import math  # noqa: F401
import os
import random  # noqa: F401
import re  # noqa: F401
import select
import signal
import socket
import statistics  # noqa: F401
import string  # noqa: F401
import sys
import sysconfig
import textwrap  # noqa: F401
import typing  # noqa: F401
import uuid  # noqa: F401
from pathlib import Path
from typing import Any

import msgpack
from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageStat  # noqa: F401

import hermod.call
import hermod.concurrency
import hermod.images
import hermod.task  # noqa: F401
from hermod.sandbox import confine, process

_MESSAGE_BYTES = 1 << 18
_MOST_FDS = 253
"""`SCM_MAX_FD`."""
_FIRST_OTHER_FD = 3


def main() -> None:
    """Serves until the host hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host's terminal is not this process's
    Image.preinit()
    os.closerange(_FIRST_OTHER_FD, os.sysconf("SC_OPEN_MAX"))  # the host's, if any were left open
    with socket.socket(fileno=os.dup(0)) as control:
        control.send(msgpack.packb({"paths": {"readable": _module_folders()}}))
        setup, (ruleset,) = _receive(control)
        base_bytes = confine.own_size_bytes()
        _confine_server(ruleset, setup["server_filter"])
        gc.collect()
        gc.freeze()
        control.send(msgpack.packb({"ready": {"python": sys.version.split()[0]}}))
        policy = process.Policy(ruleset, setup["program_filters"], base_bytes)
        _Server(control, policy).serve()


def _module_folders() -> list[str]:
    """What a program may still read: modules that it imports and this process has not."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {*map(sysconfig.get_path, names), *sys.path}
    return sorted(folder for folder in folders if folder and Path(folder).is_dir())


def _confine_server(ruleset: int, filter_: bytes) -> None:
    confine.no_new_privileges()
    confine.drop_capabilities()
    confine.restrict_files(ruleset)
    confine.filter_system_calls(filter_)


class _Server:
    def __init__(self, control: socket.socket, policy: process.Policy) -> None:
        self._control = control
        self._policy = policy
        self._programs: dict[int, tuple[int, int]] = {}  # pidfd: (number, pid)
        self._events = select.poll()
        self._events.register(control, select.POLLIN)

    def serve(self) -> None:
        while True:
            for fd, _ in self._events.poll():
                if fd != self._control.fileno():
                    self._reap(fd)
                elif not self._start():
                    return

    def _start(self) -> bool:
        request, fds = _receive(self._control)
        if request is None:
            return False
        number = request["number"]
        server = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            self._say({"refused": {"number": number, "reason": str(error)}})
            _close(fds)
            return True
        if pid == 0:
            self._control.close()
            _close(self._programs)
            process.run(server, self._policy, request["limits"], fds)
        pidfd = os.pidfd_open(pid)
        self._programs[pidfd] = (number, pid)
        self._events.register(pidfd, select.POLLIN)
        self._say({"started": {"number": number, "pid": pid}}, pidfd)
        _close(fds)
        return True

    def _reap(self, pidfd: int) -> None:
        number, pid = self._programs.pop(pidfd)
        self._events.unregister(pidfd)
        _, status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        code = os.waitstatus_to_exitcode(status)
        cpu_ms = int((usage.ru_utime + usage.ru_stime) * 1000)
        self._say({"ended": {"number": number, "code": code, "cpu_ms": cpu_ms}})

    def _say(self, message: dict[str, Any], *fds: int) -> None:
        socket.send_fds(self._control, [msgpack.packb(message)], fds)


def _receive(control: socket.socket) -> tuple[Any, list[int]]:
    data, fds, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, _MOST_FDS)
    return (msgpack.unpackb(data) if data else None), fds


def _close(fds: Any) -> None:
    for fd in fds:
        os.close(fd)
