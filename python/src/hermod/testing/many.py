"""A random program against what the paralleliser makes of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

from hermod.testing.compare import Catalog, differences, plans, run_within_limits
from hermod.testing.functions import Plan, load_catalog
from hermod.testing.ideal import CannotTrace, ideal
from hermod.testing.limits import OUTGROWN, limited_time
from hermod.testing.paralleliser import Paralleliser
from hermod.testing.programs import generate
from hermod.testing.score import first_late

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
    #: Why nothing can be said: the serial program takes more than a run may (O3).
    skipped: str = ""
    #: What the paralleliser says of each statement.
    decisions: tuple[str, ...] = ()
    #: The first call that starts late, as `score` says it.
    late: str = ""


class Examiner:
    """One process's share."""

    def __init__(self, executable: str, catalog_file: Path) -> None:
        self.catalog = load_catalog(catalog_file)
        self.paralleliser = Paralleliser(executable, catalog_file)

    def examine(self, seed: int) -> Examined:
        """O1 to O4, E2, E3, no slower, and readable; one program."""
        try:
            return self._examine(seed)
        except OUTGROWN as why:
            return Examined(seed, skipped=type(why).__name__)

    def only_serial(self, seed: int) -> Examined:
        """Does the program by itself stay within its limits?"""
        serial = generate(seed)
        try:
            for plan in some_plans(serial, self.catalog, seed):
                run_within_limits(serial, self.catalog, plan, traced=True)
        except OUTGROWN as why:
            return Examined(seed, skipped=type(why).__name__)
        return Examined(seed)

    def _examine(self, seed: int) -> Examined:
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
        examined = Examined(seed, made["changed"], problem, decisions=tuple(made["decisions"]))
        return self._timed(examined, serial, distributed)

    def _timed(self, examined: Examined, serial: str, distributed: str) -> Examined:
        plan = Plan(seed=examined.seed)
        try:
            with limited_time():
                best = ideal(serial, self.catalog, plan)
        except (CannotTrace, SyntaxError) as why:
            return replace(examined, cannot_trace=str(why))
        report = run_within_limits(distributed, self.catalog, plan)
        late = first_late(best, report.calls)
        return replace(examined, serial=best.serial, ideal=best.ideal, achieved=report.makespan,
                       late=late)  # fmt: skip


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
