"""Random programs and what the paralleliser makes of them agree in all that can be observed.

`HERMOD_RANDOM_PROGRAMS=100000` says how many, `HERMOD_RANDOM_FIRST=5000` from which seed on.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hermod.testing.many import TRACED, Examined, Examiner, first_difference
from hermod.testing.paralleliser import executable
from hermod.testing.programs import OBJECTS_FROM, generate
from hermod.testing.workers import examine_all
from hermod.testing.wrong import WRONG

ROOT = Path(__file__).resolve().parents[2]
CATALOG_FILE = ROOT / "tests/programs/catalog.yaml"
COUNT = int(os.environ.get("HERMOD_RANDOM_PROGRAMS", "2000"))
FIRST = int(os.environ.get("HERMOD_RANDOM_FIRST", "0"))
#: Of the programs, so many have much to gain: the ideal is below this share of serial.
MUCH_TO_GAIN = 0.8
#: Programs with less to gain say nothing about the paralleliser's speed.
HARDLY_FASTER = 0.95
#: Achieved over ideal, in the middle of the programs. The goal is 1.1.
MEDIAN_RATIO = 1.3
#: Within so many programs a bug in the paralleliser shows.
BUGS_SHOW_WITHIN = 2000


@pytest.fixture(scope="module")
def built() -> str:
    found = executable()
    if found is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    return found


@pytest.fixture(scope="module")
def examined(built: str) -> list[Examined]:
    found = examine_all(built, CATALOG_FILE, FIRST, COUNT)
    return sorted(found, key=lambda one: one.seed)


def test_random_programs_agree(examined: list[Examined]) -> None:
    """O1 to O4, E2, E3, no slower; and most of them are transformed."""
    problems = [one.problem for one in examined if one.problem]
    assert not problems, f"{len(problems)} of {COUNT}; the first:\n{problems[0]}"
    skipped = [one.seed for one in examined if one.skipped]
    assert len(skipped) <= 1 + COUNT // 1000, f"programs that take more than they may: {skipped}"
    changed = sum(one.changed for one in examined)
    assert changed >= 0.6 * COUNT, f"only {changed} of {COUNT} were transformed"


def test_programs_around_an_object_agree(built: str) -> None:
    """What is told apart of an object (A3, A6) is apart, whatever else has that object in hand."""
    found = examine_all(built, CATALOG_FILE, OBJECTS_FROM + FIRST, COUNT // 10)
    problems = [one.problem for one in found if one.problem]
    assert not problems, f"{len(problems)}; the first:\n{problems[0]}"


def test_random_programs_have_much_to_gain(examined: list[Examined]) -> None:
    """Else a paralleliser that does nothing would pass."""
    traced = [one for one in examined if one.seed % TRACED == 0]
    much = [one for one in traced if one.serial and one.ideal < MUCH_TO_GAIN * one.serial]
    assert len(much) >= 0.6 * len(traced), f"{len(much)} of {len(traced)}"
    assert sum(bool(one.cannot_trace) for one in traced) <= 1 + 0.02 * len(traced)


def test_random_programs_come_near_their_ideal(examined: list[Examined]) -> None:
    """And none is faster, which would mean that a dependence was not kept."""
    worth = [one for one in examined if one.serial and one.ideal < HARDLY_FASTER * one.serial]
    ratios = {one.seed: one.achieved / one.ideal for one in worth}
    assert not [seed for seed, ratio in ratios.items() if ratio < 1 - 1e-6]
    assert statistics.median(ratios.values()) <= MEDIAN_RATIO


class Transformed:
    """Programs that the paralleliser changes, by seed; made when they are asked for."""

    def __init__(self, examiner: Examiner) -> None:
        self.catalog = examiner.catalog
        self._process = examiner.paralleliser
        self._known: dict[int, tuple[str, str] | None] = {}

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        for seed in range(BUGS_SHOW_WITHIN):
            if seed not in self._known:
                serial = generate(seed)
                made = self._process.distribute(serial)
                self._known[seed] = (serial, made["source"]) if made.get("changed") else None
            if pair := self._known[seed]:
                yield seed, *pair


@pytest.fixture(scope="module")
def transformed(built: str) -> Iterator[Transformed]:
    examiner = Examiner(built, CATALOG_FILE)
    yield Transformed(examiner)
    examiner.paralleliser.close()


def test_there_are_twenty_bugs() -> None:
    assert len(WRONG) >= 20


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_bug_in_the_paralleliser_is_found(
    transformed: Transformed, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Each bug, built into what it makes, shows within so many programs."""
    tried = 0
    for seed, serial, distributed in transformed:
        broken = WRONG[name](distributed)
        if broken is None or broken == distributed:
            continue
        tried += 1
        if first_difference(serial, broken, transformed.catalog, seed):
            record_property("seed", seed)
            return
    pytest.fail(f"{tried} programs with the bug `{name}` seemed right")
