"""Many random programs from the command line: what differs in files, what is slow in a table.

    python -m hermod.testing.nightly CATALOG FIRST COUNT [FOLDER] [PROCESSES]

Each program that differs is written to `FOLDER/SEED.txt`, cut down as far as it still differs.
"""

from __future__ import annotations

import contextlib
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from hermod.testing.causes import histogram
from hermod.testing.limits import OUTGROWN
from hermod.testing.many import Examined, Examiner, first_difference
from hermod.testing.paralleliser import executable
from hermod.testing.programs import generate
from hermod.testing.smallest import smallest
from hermod.testing.workers import examine_all

#: Progress is said after so many programs.
SAY_EVERY = 500
#: Programs with less to gain say nothing about the paralleliser's speed.
HARDLY_FASTER = 0.95


@dataclass
class Tally:
    """What has become of all of them so far."""

    programs: int = 0
    changed: int = 0
    different: list[Examined] = field(default_factory=list)
    skipped: list[Examined] = field(default_factory=list)
    worth: list[Examined] = field(default_factory=list)

    def add(self, one: Examined) -> None:
        """One more."""
        self.programs += 1
        self.changed += one.changed
        if one.problem:
            self.different.append(one)
        if one.skipped:
            self.skipped.append(one)
        if one.serial and one.ideal < HARDLY_FASTER * one.serial:
            self.worth.append(one)

    def __str__(self) -> str:
        said = (
            f"{self.programs} programs, {self.changed} changed, {len(self.different)} different, "
            f"{len(self.skipped)} skipped"
        )
        if not self.worth:
            return said
        median = statistics.median(one.achieved / one.ideal for one in self.worth)
        return f"{said}; median of achieved over ideal {median:.3f} of {len(self.worth)}"


def main(arguments: list[str]) -> int:
    """1 if any differs."""
    if len(arguments) not in {3, 4, 5}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    built = executable()
    if built is None:
        sys.stderr.write("nightly: needs cargo, to build the paralleliser\n")
        return 2
    catalog_file, first, count = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    folder = Path(arguments[3]) if len(arguments) > 3 else None
    processes = int(arguments[4]) if len(arguments) > 4 else None
    tally, began = Tally(), time.monotonic()
    for one in examine_all(built, catalog_file, first, count, processes):
        tally.add(one)
        if one.problem:
            sys.stdout.write(f"{one.problem}\n")
            if folder:
                write_smallest(one, Examiner(built, catalog_file), folder)
        if tally.programs % SAY_EVERY == 0:
            speed = tally.programs / (time.monotonic() - began)
            sys.stderr.write(f"{tally}; {speed:.0f} a second\n")
    for one in tally.skipped:
        sys.stdout.write(f"skipped: seed {one.seed}: {one.skipped}\n")
    sys.stdout.write(f"{histogram(tally.worth)}\n{tally}\n")
    return 1 if tally.different else 0


def write_smallest(one: Examined, examiner: Examiner, folder: Path) -> None:
    """The program of this seed, as small as it can be made, and all that was found."""

    def found(program: str) -> str:
        with contextlib.suppress(*OUTGROWN):
            made = examiner.paralleliser.distribute(program)
            if "error" not in made:
                return first_difference(program, made["source"], examiner.catalog, one.seed)
        return ""

    program = generate(one.seed)
    what = _exceptions(found(program))

    def differs(program: str) -> bool:
        return bool(difference := found(program)) and _exceptions(difference) == what

    small = smallest(program, differs) if differs(program) else program
    examiner.paralleliser.close()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{one.seed}.txt").write_text(f"{small}\n=====\n{one.problem}\n")


def _exceptions(difference: str) -> set[str]:
    """By name: what is left out must not make a program fail in another way."""
    return set(re.findall(r"\b[A-Z]\w*(?:Error|Raised)\b", difference))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
