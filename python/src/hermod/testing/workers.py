"""Programs in processes that may die or hang: then only the program at hand is looked at again."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from hermod.testing.limits import limit_memory
from hermod.testing.many import Examined, Examiner

#: So many programs at a time go to a process.
CHUNK = 25
#: A process that has said nothing for so many seconds is ended.
HUNG = 180.0


@dataclass(frozen=True)
class Job:
    """Seeds to look at; or, of one whose process died, the serial program alone."""

    seeds: range
    only_serial: bool = False


class Worker:
    """A process, from here."""

    def __init__(self, executable: str, catalog_file: Path) -> None:
        context = get_context("forkserver")
        self.connection, other = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_work, args=(other, executable, catalog_file), daemon=True
        )
        self._process.start()
        other.close()
        self.job: Job | None = None
        self.done = 0
        self.heard = time.monotonic()

    def give(self, job: Job) -> None:
        """It is idle."""
        self.job, self.done, self.heard = job, 0, time.monotonic()
        with contextlib.suppress(OSError):  # it died: `hear` will tell
            self.connection.send(job)

    def hear(self) -> Examined | None:
        """Its next result; `None`: it died."""
        try:
            found: Examined = self.connection.recv()
        except (EOFError, OSError):
            return None
        self.done += 1
        self.heard = time.monotonic()
        return found

    def is_hung(self) -> bool:
        """Nothing comes any more."""
        return self.job is not None and time.monotonic() - self.heard > HUNG

    def end(self) -> None:
        """With what it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.pid is not None and os.getpgid(self._process.pid) != os.getpgrp():
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self.connection.close()


def examine_all(
    executable: str, catalog_file: Path, first: int, count: int, processes: int | None = None
) -> Iterator[Examined]:
    """The programs of these seeds, as they are done."""
    starts = range(first, first + count, CHUNK)
    jobs = deque(Job(range(start, min(start + CHUNK, first + count))) for start in starts)
    wanted = min(processes or len(os.sched_getaffinity(0)), len(jobs))
    workers = [Worker(executable, catalog_file) for _ in range(wanted)]
    try:
        while jobs or any(worker.job for worker in workers):
            for worker in workers:
                if worker.job is None and jobs:
                    worker.give(jobs.popleft())
            ready = wait([worker.connection for worker in workers if worker.job], timeout=5)
            for at, worker in enumerate(workers):
                if worker.connection in ready and (found := worker.hear()):
                    yield _judged(found, worker)
                elif worker.connection in ready or worker.is_hung():
                    yield from _given_up(worker, jobs)
                    worker.end()
                    workers[at] = Worker(executable, catalog_file)
    finally:
        for worker in workers:
            worker.end()


def _judged(found: Examined, worker: Worker) -> Examined:
    job = worker.job
    assert job
    if worker.done == len(job.seeds):
        worker.job = None
    if job.only_serial and not found.skipped:
        why = f"seed {found.seed}: its process dies or hangs, but not of the serial program"
        return Examined(found.seed, problem=why)
    return found


def _given_up(worker: Worker, jobs: deque[Job]) -> Iterator[Examined]:
    """Its seeds go to others; the one at hand by itself: does the serial program do it?"""
    job = worker.job
    assert job
    at_hand, rest = job.seeds[worker.done], job.seeds[worker.done + 1 :]
    if rest:
        jobs.append(Job(rest))
    if job.only_serial:
        yield Examined(at_hand, skipped="its process died or hung")
    else:
        jobs.append(Job(range(at_hand, at_hand + 1), only_serial=True))


def _work(connection: Connection, executable: str, catalog_file: Path) -> None:
    """The other end."""
    os.setpgrp()
    limit_memory()
    examiner = Examiner(executable, catalog_file)
    while True:
        job: Job = connection.recv()
        for seed in job.seeds:
            try:
                found = examiner.only_serial(seed) if job.only_serial else examiner.examine(seed)
            except Exception:  # an error in one must not lose the others
                found = Examined(seed, problem=f"seed {seed}\n{traceback.format_exc()}")
                examiner = Examiner(executable, catalog_file)
            connection.send(found)
