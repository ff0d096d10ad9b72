"""How near the paralleliser comes to the ideal: a table over folders of programs."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hermod.testing.functions import Call, Function, Plan, load_catalog
from hermod.testing.ideal import CannotTrace, Ideal, ideal
from hermod.testing.paralleliser import Paralleliser, executable
from hermod.testing.run import Report, run

DRAWS = range(5)
#: Above this share of the serial time there is nothing to gain: not counted.
HARDLY_FASTER = 0.95
#: A program is good enough up to here.
GOOD = 1.05


@dataclass(frozen=True)
class Score:
    """One program, in the worst of its latency draws."""

    program: str
    serial: float = 0.0
    ideal: float = 0.0
    achieved: float = 0.0
    ratio: float = 1.0
    #: Seconds of ideal over seconds of serial, over all draws.
    share: float = 1.0
    moved: int = 0
    kept: int = 0
    #: The first call that starts later than it could.
    waits: str = ""
    #: Why there is no score.
    error: str = ""

    @property
    def counted(self) -> bool:
        """Whether there was something to gain."""
        return not self.error and self.share <= HARDLY_FASTER

    def row(self) -> str:
        """A line of the table."""
        times = f"{self.serial:8.2f} {self.ideal:8.2f} {self.achieved:8.2f} {self.ratio:6.3f}"
        return f"{self.program[:36]:36} {times} {self.moved:6} {self.kept:5}"


def score(path: Path, catalog: dict[str, Function], paralleliser: Paralleliser) -> Score:
    """Five latency draws without failures."""
    source = path.read_text()
    made = paralleliser.distribute(source)
    if "error" in made:
        return Score(path.name, error=f"not parallelised: {made['error'].splitlines()[0]}")
    kept = sum(" kept" in one for one in made["decisions"])
    rows: list[tuple[float, Ideal, float, str]] = []
    for seed in DRAWS:
        plan = Plan(seed=seed)
        try:
            best = ideal(source, catalog, plan)
        except CannotTrace as why:
            return Score(path.name, error=str(why))
        report = run(made["source"], catalog, plan)
        if report.observables() != run(source, catalog, plan).observables():
            return Score(path.name, error=f"not the same program, seed {seed}: it {_way(report)}")
        ratio = report.makespan / best.ideal if best.ideal else 1.0
        rows.append((ratio, best, report.makespan, first_late(best, report.calls)))
    ratio, best, achieved, waits = max(rows, key=lambda row: row[0])
    serial = sum(row[1].serial for row in rows)
    share = sum(row[1].ideal for row in rows) / serial if serial else 1.0
    moved = len(made["decisions"]) - kept
    return Score(path.name, best.serial, best.ideal, achieved, ratio, share, moved, kept, waits)


def _way(report: Report) -> str:
    """How it ended."""
    return ": ".join(["ended " + str(report.end[0]), *map(str, report.end[1:])])


def first_late(best: Ideal, calls: list[Call]) -> str:
    """The first call, in the order of ideal starts, that starts late; and after what."""
    issued: dict[str, list[Call]] = {}
    for call in calls:
        issued.setdefault(call.key, []).append(call)
    lines = {one.key: one.line for one in best.calls}
    for one in sorted(best.calls, key=lambda one: one.start):
        if not issued.get(one.key):
            continue
        call = issued[one.key].pop(0)
        if call.issued > one.start + 1e-6:
            before = [other for other in calls
                      if abs(other.issued + other.latency - call.issued) < 1e-6]  # fmt: skip
            after = ", ".join(f"{o.function} in line {lines.get(o.key, '?')}" for o in before[:2])
            return (f"line {one.line}: {one.function} starts at {call.issued:.2f} instead of "
                    f"{one.start:.2f}, after {after or 'a sleep'}")  # fmt: skip
    return ""


def score_all(folders: list[Path]) -> Iterator[Score]:
    """Every program of every folder."""
    built = executable()
    if built is None:
        raise SystemExit("score: needs cargo, to build the paralleliser")
    for folder in folders:
        catalog_file = catalog_of(folder)
        catalog, paralleliser = load_catalog(catalog_file), Paralleliser(built, catalog_file)
        for path in sorted(folder.glob("*.py")):
            yield score(path, catalog, paralleliser)
        paralleliser.close()


def catalog_of(folder: Path) -> Path:
    """`catalog.yaml` in the folder, or the nearest above."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / "catalog.yaml").is_file():
            return place / "catalog.yaml"
    raise SystemExit(f"score: no catalog.yaml in {folder} or above it")


def summary(scores: list[Score]) -> dict[str, Any]:
    """What counts, in numbers."""
    counted = [one for one in scores if one.counted]
    good = [one for one in counted if one.ratio <= GOOD]
    return {
        "programs": len(scores),
        "counted": len(counted),
        "within": len(good) / len(counted) if counted else 1.0,
        "median": statistics.median(one.ratio for one in counted) if counted else 1.0,
        "faster_than_ideal": [one.program for one in scores if one.ratio < 1 - 1e-6],
    }


def table(scores: list[Score]) -> str:
    """For people."""
    head = ("program", "serial", "ideal", "achieved", "ratio", "moved", "kept")
    lines = ["{:36} {:>8} {:>8} {:>8} {:>6} {:>6} {:>5}".format(*head)]
    lines += [one.row() for one in scores if not one.error]
    if idle := [one.program for one in scores if not one.error and not one.counted]:
        lines += ["", f"nothing to gain (ideal above {HARDLY_FASTER} of serial), not counted:"]
        lines += [f"  {program}" for program in idle]
    if errors := [one for one in scores if one.error]:
        lines += ["", "no score:", *(f"  {one.program}: {one.error}" for one in errors)]
    late = sorted(
        (one for one in scores if one.counted and one.ratio > GOOD), key=lambda o: -o.ratio
    )
    if late:
        lines += ["", "worst:"]
        lines += [f"  {one.ratio:.3f} {one.program}: {one.waits}" for one in late]
    found = summary(scores)
    lines += ["", f"{found['counted']} of {found['programs']} counted"]
    lines.append(f"{found['within']:.1%} within {GOOD} of the ideal; median {found['median']:.3f}")
    if found["faster_than_ideal"]:
        lines.append(f"FASTER THAN IDEAL: {', '.join(found['faster_than_ideal'])}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """`score DIR… [--json]`"""
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    if not folders:
        sys.stderr.write("score: give folders of programs\n")
        return 2
    scores = list(score_all(folders))
    if "--json" in arguments:
        json.dump({"programs": [asdict(one) for one in scores], **summary(scores)}, sys.stdout)
    else:
        sys.stdout.write(table(scores) + "\n")
    return 1 if summary(scores)["faster_than_ideal"] else 0
