"""Puts the host's policy on this process. Everything here can only take rights away."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import TypedDict

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
_SYS_LANDLOCK_RESTRICT_SELF = 446  # the same on every architecture

_libc = ctypes.CDLL(None, use_errno=True)


class Limits(TypedDict):
    """`Limits` of `crates/interpreter`."""

    memory_bytes: int
    cpu_s: int
    open_files: int


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def die_with_parent(parent: int) -> None:
    """Kills this process when the one that forked it ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    if os.getppid() != parent:
        os._exit(1)


def no_new_privileges() -> None:
    """Whatever is executed gains nothing; the kernel asks this of those who filter themselves."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def drop_capabilities() -> None:
    """What root may do beyond its own files: raise limits, for one."""
    header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, none))


def restrict_files(ruleset: int) -> None:
    """Applies a landlock ruleset; its own domain, so that siblings cannot look into each other."""
    _check(_libc.syscall(_SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0))


def filter_system_calls(program: bytes) -> None:
    """Adds a seccomp filter: `program` is an array of `struct sock_filter`."""
    fprog = _SockFprog(len(program) // 8, program)
    _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(fprog), 0, 0))


def own_size_bytes() -> int:
    """The address space that the interpreter itself takes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


MEMORY_RESERVE_BYTES = 32 << 20
"""For telling that memory has run out: see [`release_reserve`]."""


def limit(limits: Limits, base_bytes: int) -> None:
    """Sets the resource limits; `base_bytes` is what the process had before the program."""
    memory = base_bytes + limits["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + MEMORY_RESERVE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_s"], limits["cpu_s"] + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits["open_files"], limits["open_files"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def release_reserve() -> None:
    """Enough memory to say how the program ended."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
