"""Tools with state survive: files, orders, tickets, bookings, messages (SEMANTICS E2, H3).

`HERMOD_BFCL=all` takes every scenario; else each eighth.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bfcl.collection import Scenario, descriptions, fetch, scenarios
from bfcl.programs import program
from bfcl.tools import RealFunctions, Tools, catalog_of, resources
from hermod.testing.functions import Function, Plan
from hermod.testing.paralleliser import Paralleliser, executable
from hermod.testing.run import Report, run

SEEDS = range(50)
EVERY = 1 if os.environ.get("HERMOD_BFCL") == "all" else 8


@dataclass
class Pair:
    """A scenario's program and what the paralleliser makes of it."""

    scenario: Scenario
    serial: str
    distributed: str


class Collection:
    """The scenarios, and how to run their programs."""

    def __init__(self, package: Path, built: str, folder: Path) -> None:
        self.package = package
        self.catalog: dict[str, Function] = catalog_of(descriptions(package))
        catalog_file = folder / "catalog.yaml"
        catalog_file.write_text(resources(self.catalog))
        paralleliser = Paralleliser(built, catalog_file)
        self.pairs: list[Pair] = []
        for scenario in scenarios(package)[::EVERY]:
            serial = program(scenario, Tools(package, scenario))
            made = paralleliser.distribute(serial)
            assert "error" not in made, f"{made}\n{serial}"
            self.pairs.append(Pair(scenario, serial, made["source"]))
        paralleliser.close()

    def run(self, pair: Pair, source: str, plan: Plan) -> tuple[Report, RealFunctions]:
        """One run, with tools as they are at the scenario's start."""
        functions = RealFunctions(self.catalog, plan, Tools(self.package, pair.scenario))
        return run(source, self.catalog, plan, functions=functions), functions


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    package, built = fetch(), executable()
    if package is None:
        pytest.skip("the package bfcl-eval cannot be had from the package registry")
    if built is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    return Collection(package, built, tmp_path_factory.mktemp("bfcl"))


def test_state_results_and_writes_are_equal(collection: Collection) -> None:
    """Under any latencies: the tools end as in the serial run, and each call gives the same."""
    assert len(collection.pairs) >= 170 // EVERY
    for pair in collection.pairs:
        if pair.serial == pair.distributed:
            continue
        for seed in SEEDS:
            plan = Plan(seed=seed)
            expected, before = collection.run(pair, pair.serial, plan)
            actual, after = collection.run(pair, pair.distributed, plan)
            where = f"scenario {pair.scenario.name}, {plan}\n{pair.serial}\n{pair.distributed}"
            assert actual.observables() == expected.observables(), where
            assert after.tools.state() == before.tools.state(), where
            assert not actual.complaints, where
            assert actual.makespan <= expected.makespan + 1e-6, where


def test_state_and_writes_are_equal_when_a_call_fails(collection: Collection) -> None:
    """No write is made that serial order would not have come to (E2)."""
    for pair in collection.pairs:
        report, _ = collection.run(pair, pair.serial, Plan())
        for key in [call.key for call in report.calls][:: 1 if EVERY == 1 else 3]:
            plan = Plan(failing=frozenset([key]))
            expected, before = collection.run(pair, pair.serial, plan)
            actual, after = collection.run(pair, pair.distributed, plan)
            where = f"scenario {pair.scenario.name}, {plan}\n{pair.serial}\n{pair.distributed}"
            assert actual.observables() == expected.observables(), where
            assert after.tools.state() == before.tools.state(), where


def test_a_third_of_the_programs_get_faster(collection: Collection) -> None:
    faster = 0
    for pair in collection.pairs:
        serial, _ = collection.run(pair, pair.serial, Plan())
        distributed, _ = collection.run(pair, pair.distributed, Plan())
        faster += distributed.makespan < 0.99 * serial.makespan
    assert faster >= len(collection.pairs) / 3, f"{faster} of {len(collection.pairs)}"


def test_effects_are_as_declared(collection: Collection) -> None:
    """Tools that are said to look only change nothing."""
    undeclared = set()
    for pair in collection.pairs:
        _, functions = collection.run(pair, pair.serial, Plan())
        undeclared |= functions.undeclared
    assert undeclared == set()
