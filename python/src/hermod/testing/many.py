"""Many random programs against what the paralleliser makes of them, on all processors."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from hermod.testing.compare import Catalog, differences, plans
from hermod.testing.functions import Plan, load_catalog
from hermod.testing.ideal import CannotTrace, ideal
from hermod.testing.paralleliser import Paralleliser
from hermod.testing.programs import generate
from hermod.testing.run import run

#: So many programs at a time go to a process.
CHUNK = 25
#: Runs with failures, of each program.
FAILING = 3
#: Of one program in so many, the ideal is traced.
TRACED = 4
#: What is parallel already: in which order two failures come is not for us to keep (O4).
CONCURRENT = ("gather(", "create_task(")


@dataclass(frozen=True)
class Examined:
    """What became of the program of a seed."""

    seed: int
    changed: bool = False
    #: What differs, with both programs; or nothing.
    problem: str = ""
    #: Seconds without failures; none where the ideal was not traced.
    serial: float = 0.0
    ideal: float = 0.0
    achieved: float = 0.0
    cannot_trace: str = ""


def examine_all(
    executable: str, catalog_file: Path, first: int, count: int, processes: int | None = None
) -> Iterator[Examined]:
    """The programs of these seeds, in order."""
    processes = processes or len(os.sched_getaffinity(0))
    starts = range(first, first + count, CHUNK)
    chunks = [range(start, min(start + CHUNK, first + count)) for start in starts]
    with ProcessPoolExecutor(
        processes,
        mp_context=get_context("forkserver"),
        initializer=_start,
        initargs=(executable, catalog_file),
    ) as pool:
        for chunk in pool.map(_chunk, chunks):
            yield from chunk


class Examiner:
    """One process's share."""

    def __init__(self, executable: str, catalog_file: Path) -> None:
        self.catalog = load_catalog(catalog_file)
        self.paralleliser = Paralleliser(executable, catalog_file)

    def examine(self, seed: int) -> Examined:
        """O1 to O4, E2, E3, no slower, and readable; one program."""
        serial = generate(seed)
        made = self.paralleliser.distribute(serial)
        if "error" in made:
            return Examined(seed, problem=f"{made['error']}\n{serial}")
        unreadable = [line for line in made["decisions"] if "could not be read back" in line]
        if unreadable:
            return Examined(seed, problem=f"{unreadable}\n{serial}")
        distributed = made["source"]
        problem = ""
        if made["changed"]:
            again = self.paralleliser.distribute(distributed)
            problem = first_difference(serial, distributed, self.catalog, seed)
            if again.get("source") != distributed:
                problem = f"comes back otherwise:\n{again}"
        if problem:
            problem = f"seed {seed}\n{serial}\n=====\n{distributed}\n=====\n{problem}"
        if seed % TRACED:
            return Examined(seed, made["changed"], problem)
        return self._timed(Examined(seed, made["changed"], problem), serial, distributed)

    def _timed(self, examined: Examined, serial: str, distributed: str) -> Examined:
        plan = Plan(seed=examined.seed)
        seed, changed, problem = examined.seed, examined.changed, examined.problem
        try:
            best = ideal(serial, self.catalog, plan)
        except (CannotTrace, SyntaxError) as why:
            return Examined(seed, changed, problem, cannot_trace=str(why))
        achieved = run(distributed, self.catalog, plan).makespan
        return Examined(seed, changed, problem, best.serial, best.ideal, achieved)


def first_difference(serial: str, distributed: str, catalog: Catalog, seed: int) -> str:
    """Under some plans, drawn by the seed."""
    for plan in some_plans(serial, catalog, seed):
        found = differences(serial, distributed, catalog, plan)
        if "create_task(" in serial:  # one that nobody awaits may end before it has begun (O4)
            found = [one for one in found if one.what != "calls left out"]
        if found:
            return "\n".join(map(str, found))
    return ""


def some_plans(serial: str, catalog: Catalog, seed: int) -> list[Plan]:
    """One without failures, sometimes one with empty lists, and some of those with failures."""
    dice = random.Random(seed)  # noqa: S311 - a seed is the point
    concurrent = any(word in serial for word in CONCURRENT)
    failing = [plan for plan in plans(serial, catalog, range(0), 40)
               if len(plan.failing) == 1 or (plan.failing and not concurrent)]  # fmt: skip
    chosen = [Plan(seed=seed), *dice.sample(failing, min(FAILING, len(failing)))]
    return [*chosen, Plan(empty_lists=True)] if seed % 4 == 0 else chosen


_examiner: list[Examiner] = []


def _start(executable: str, catalog_file: Path) -> None:
    _examiner.append(Examiner(executable, catalog_file))


def _chunk(seeds: range) -> list[Examined]:
    return [_examiner[0].examine(seed) for seed in seeds]
