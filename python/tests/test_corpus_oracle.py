"""The corpus' numbers: they come out again, and agree with ideals that were made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hermod.testing import Plan, run
from hermod.testing.functions import load_catalog
from hermod.testing.oracle import DRAWS, FILE, Numbers, numbers, programs
from hermod.testing.score import HARDLY_FASTER

ROOT = Path(__file__).resolve().parents[2] / "tests" / "corpus"
HELD_OUT = ROOT / "held_out"
ORACLE: dict[str, Numbers] = json.loads((ROOT / FILE).read_text())
HELD_OUT_ORACLE: dict[str, Numbers] = json.loads((HELD_OUT / FILE).read_text())
#: Distributed as its author found to be best, by thinking; no tool had a part in it.
BY_HAND = sorted(str(path.relative_to(ROOT / "by_hand")) for path in ROOT.glob("by_hand/*/*.py"))


def test_every_program_has_numbers() -> None:
    assert ORACLE.keys() == programs(ROOT).keys()
    assert HELD_OUT_ORACLE.keys() == programs(HELD_OUT).keys()


@pytest.mark.parametrize("name", ORACLE)
def test_the_oracle_says_so_again(name: str) -> None:
    assert numbers(ROOT / name) == ORACLE[name]


@pytest.mark.parametrize("name", HELD_OUT_ORACLE)
def test_the_oracle_says_so_again_of_what_is_held_out(name: str) -> None:
    assert numbers(HELD_OUT / name) == HELD_OUT_ORACLE[name]


def test_most_programs_have_something_to_gain() -> None:
    """The others are not counted."""
    shares = [sum(row["ideal"]) / sum(row["serial"]) for row in ORACLE.values()]
    assert sum(share <= HARDLY_FASTER for share in shares) >= 150


def test_enough_was_worked_out_by_hand() -> None:
    assert len(BY_HAND) >= 20


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand_it_is_the_same_program(name: str) -> None:
    catalog = load_catalog((ROOT / name).parent / "catalog.yaml")
    serial, by_hand = ((folder / name).read_text() for folder in (ROOT, ROOT / "by_hand"))
    for seed in DRAWS:
        expected = run(serial, catalog, Plan(seed=seed))
        assert run(by_hand, catalog, Plan(seed=seed)).observables() == expected.observables()


@pytest.mark.parametrize("name", BY_HAND)
def test_the_ideal_is_what_it_takes_by_hand(name: str) -> None:
    catalog = load_catalog((ROOT / name).parent / "catalog.yaml")
    source = (ROOT / "by_hand" / name).read_text()
    by_hand = [run(source, catalog, Plan(seed=seed)).makespan for seed in DRAWS]
    assert ORACLE[name]["ideal"] == pytest.approx(by_hand, abs=1e-5)
