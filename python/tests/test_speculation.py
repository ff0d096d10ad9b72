"""Calls made on a guess (E3): sooner, counted if in vain, and never another answer.

Programs of `tests/speculation`, with what they take in their first line; and random ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hermod.testing import Plan, run
from hermod.testing.compare import differences, plans
from hermod.testing.functions import load_catalog
from hermod.testing.many import first_difference
from hermod.testing.paralleliser import Paralleliser, executable
from hermod.testing.programs import generate

ROOT = Path(__file__).resolve().parents[2]
CATALOG_FILE = ROOT / "tests" / "programs" / "catalog.yaml"
CATALOG = load_catalog(CATALOG_FILE)
PROGRAMS = sorted((ROOT / "tests" / "speculation").glob("*.py"))
EXPECTED = re.compile(r"Serial (\d+) s; guessing 4 at a time (\d+) s; in vain (\d+)\.")
COUNT = max(40, int(os.environ.get("HERMOD_RANDOM_PROGRAMS", "2000")) // 5)


def paralleliser(*speculate: str) -> Paralleliser:
    built = executable()
    if built is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    return Paralleliser(built, CATALOG_FILE, *speculate)


@pytest.fixture(scope="module")
def by_window() -> Iterator[Paralleliser]:
    made = paralleliser("4")
    yield made
    made.close()


@pytest.fixture(scope="module")
def by_budget() -> Iterator[Paralleliser]:
    made = paralleliser("$0.02")
    yield made
    made.close()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_it_takes_and_what_is_in_vain(path: Path, by_window: Paralleliser) -> None:
    serial = path.read_text()
    found = EXPECTED.search(serial.splitlines()[0])
    assert found
    guessing = by_window.distribute(serial)["source"]
    assert ("speculate=4" in guessing) == (not path.stem.startswith("kept_"))
    plan = Plan(otherwise=1.0)
    before, after = run(serial, CATALOG, plan), run(guessing, CATALOG, plan)
    in_vain = sum(not call.wanted for call in after.calls)
    assert [before.makespan, after.makespan, in_vain] == [float(one) for one in found.groups()]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("speculate", ["4", "$0.02"])
def test_the_answer_cannot_change(
    path: Path, speculate: str, by_window: Paralleliser, by_budget: Paralleliser
) -> None:
    serial = path.read_text()
    guessing = (by_window if speculate == "4" else by_budget).distribute(serial)["source"]
    found = [
        difference
        for plan in plans(serial, CATALOG, range(4))
        for difference in differences(serial, guessing, CATALOG, plan)
    ]
    assert not found, found[0]


def test_spending_stops_at_the_budget(by_budget: Paralleliser) -> None:
    """Each call costs $0.01 here: two guesses may be in vain, whatever the loop would like."""
    serial = (ROOT / "tests" / "speculation" / "search_until_found.py").read_text()
    guessing = by_budget.distribute(serial)["source"]
    assert 'hermod.ahead(speculate="$0.02")' in guessing
    for micro_usd, in_vain in [(10_000, 2), (15_000, 1), (20_001, 0)]:
        report = run(guessing, CATALOG, Plan(otherwise=1.0, micro_usd=micro_usd))
        assert sum(not call.wanted for call in report.calls) <= in_vain


def test_without_the_mark_nothing_is_guessed() -> None:
    """Off by default."""
    plain = paralleliser()
    for path in PROGRAMS:
        assert "speculate" not in plain.distribute(path.read_text())["source"]
    plain.close()


def test_it_comes_back_as_it_was(by_window: Paralleliser) -> None:
    """O4: its own output."""
    for path in PROGRAMS:
        guessing = by_window.distribute(path.read_text())["source"]
        assert by_window.distribute(guessing)["source"] == guessing


def test_random_programs_agree_and_some_are_faster(by_window: Paralleliser) -> None:
    """O1 to O4, E2, E3; never slower than what does not guess; enough of them guess."""
    plain = paralleliser()
    guessed = faster = 0
    for seed in range(COUNT):
        serial = generate(seed)
        guessing = by_window.distribute(serial)["source"]
        if "speculate=4" not in guessing:
            continue
        guessed += 1
        problem = first_difference(serial, guessing, CATALOG, seed)
        assert not problem, f"seed {seed}\n{serial}\n=====\n{guessing}\n=====\n{problem}"
        decided = plain.distribute(serial)["source"]
        times = [run(one, CATALOG, Plan(seed=seed)).makespan for one in (decided, guessing)]
        assert times[1] <= times[0] + 1e-6, f"seed {seed}: {times}\n{guessing}"
        faster += times[1] < times[0] - 1e-6
    plain.close()
    assert guessed >= COUNT // 20, f"only {guessed} of {COUNT} guess"
    assert faster >= COUNT // 100, f"only {faster} of {COUNT} are faster"


def test_a_careless_guess_is_found() -> None:
    """The examiner's own test: guessing at a read, or at what nobody declared pure."""
    body = """import asyncio
import hermod


async def main():
    async def guess_ahead():
        guess.start(hermod.call("{function}", id=1))

    async with hermod.ahead(speculate=4) as guess:
        guess.start(guess_ahead())
        label = await hermod.call("classify", text="x")
        if not label:
            print(await hermod.call("{function}", id=1))


asyncio.run(main())
"""
    careless = "guesses at what is not declared pure"
    for function, what in [("get_ticket", careless), ("close_ticket", "writes")]:
        distributed = body.format(function=function)
        serial = distributed.replace("        guess.start(guess_ahead())\n", "")
        found = {one.what for one in differences(serial, distributed, CATALOG, Plan())}
        assert found == {what}
