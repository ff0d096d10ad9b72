"""Random programs and what the paralleliser makes of them agree in all that can be observed.

`HERMOD_RANDOM_PROGRAMS=100000` says how many, `HERMOD_RANDOM_FIRST=5000` from which seed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hermod.testing.compare import differences, plans
from hermod.testing.functions import load_catalog
from hermod.testing.paralleliser import Paralleliser, executable
from hermod.testing.programs import generate
from hermod.testing.wrong import WRONG

ROOT = Path(__file__).resolve().parents[2]
CATALOG_FILE = ROOT / "tests/programs/catalog.yaml"
CATALOG = load_catalog(CATALOG_FILE)
COUNT = int(os.environ.get("HERMOD_RANDOM_PROGRAMS", "500"))
FIRST = int(os.environ.get("HERMOD_RANDOM_FIRST", "0"))
MOST_PLANS = 8


class Programs:
    """What the paralleliser makes of random programs; of each seed once."""

    def __init__(self, process: Paralleliser) -> None:
        self._process = process
        self._made: dict[int, dict[str, Any]] = {}
        self.distribute = process.distribute

    def of_seed(self, seed: int) -> dict[str, Any]:
        """The program of this seed, as `serial`, and what became of it."""
        if seed not in self._made:
            serial = generate(seed)
            self._made[seed] = {"serial": serial, **self.distribute(serial)}
        return self._made[seed]


@pytest.fixture(scope="module")
def paralleliser() -> Iterator[Programs]:
    built = executable()
    if built is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    process = Paralleliser(built, CATALOG_FILE)
    yield Programs(process)
    process.close()


def first_difference(serial: str, distributed: str) -> str:
    for plan in plans(serial, CATALOG, range(2), MOST_PLANS):
        if found := differences(serial, distributed, CATALOG, plan):
            return "\n".join(map(str, found))
    return ""


def test_random_programs_agree(paralleliser: Programs) -> None:
    """O1 to O3, E2, E3, and no slower; and most of them are transformed."""
    changed = 0
    for seed in range(FIRST, FIRST + COUNT):
        made = paralleliser.of_seed(seed)
        assert "error" not in made, f"seed {seed}: {made}"
        unreadable = [line for line in made["decisions"] if "could not be read back" in line]
        assert not unreadable, f"seed {seed}: {unreadable}"
        if made["changed"]:
            changed += 1
            found = first_difference(made["serial"], made["source"])
            assert not found, f"seed {seed}\n{made['serial']}\n=====\n{made['source']}\n{found}"
    assert changed >= 0.6 * COUNT, f"only {changed} of {COUNT} were transformed"


def test_what_it_made_comes_back_byte_for_byte(paralleliser: Programs) -> None:
    """O4."""
    for seed in range(FIRST, FIRST + COUNT):
        made = paralleliser.of_seed(seed)
        if made["changed"]:
            assert paralleliser.distribute(made["source"])["source"] == made["source"], seed


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_bug_in_the_paralleliser_is_found(paralleliser: Programs, name: str) -> None:
    """Each bug, built into what it makes, shows within so many programs."""
    tried = 0
    for seed in range(400):
        made = paralleliser.of_seed(seed)
        broken = WRONG[name](made["source"]) if made["changed"] else None
        if broken is None or broken == made["source"]:
            continue
        tried += 1
        if first_difference(made["serial"], broken):
            return
        if tried == 60:
            break
    pytest.fail(f"{tried} programs with the bug `{name}` seemed right")
