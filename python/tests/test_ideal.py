"""The ideal is right where it was worked out by hand, and nothing is ever faster."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hermod.testing import Plan, run
from hermod.testing.ideal import CannotTrace, ideal
from test_differential import CATALOG, CRITICAL, NAMES, PROGRAMS, ROOT, distributed

DRAWS = range(5)
#: These cannot be traced.
LOOK_AT_THEMSELVES = {"kept_locals"}


@pytest.mark.parametrize("name", sorted(CRITICAL))
def test_the_ideal_is_the_critical_path_worked_out_by_hand(name: str) -> None:
    serial = (PROGRAMS / f"{name}.py").read_text()
    for seed in DRAWS:
        calls = run(serial, CATALOG, Plan(seed=seed)).calls
        expected = CRITICAL[name]([call.latency for call in calls])
        assert ideal(serial, CATALOG, Plan(seed=seed)).ideal == pytest.approx(expected)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LOOK_AT_THEMSELVES])
def test_nothing_is_faster_than_the_ideal(name: str) -> None:
    serial = (PROGRAMS / f"{name}.py").read_text()
    for seed in DRAWS:
        plan = Plan(seed=seed)
        best = ideal(serial, CATALOG, plan)
        achieved = run(distributed(name) or serial, CATALOG, plan).makespan
        assert best.ideal - 1e-6 <= achieved <= best.serial + 1e-6


@pytest.mark.parametrize("name", sorted(LOOK_AT_THEMSELVES))
def test_what_cannot_be_traced_is_said(name: str) -> None:
    with pytest.raises(CannotTrace, match=r"line 9: locals\(\)"):
        ideal((PROGRAMS / f"{name}.py").read_text(), CATALOG, Plan())


def test_the_entry_point_answers_with_the_path() -> None:
    command = [sys.executable, "-m", "hermod.testing", "ideal", str(PROGRAMS / "catalog.yaml")]
    serial = (PROGRAMS / "figure_2.py").read_text()
    request = {"program": serial, "distributed": distributed("figure_2"), "seed": 3}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    done = subprocess.run(
        command, input=json.dumps(request), capture_output=True, text=True, check=True,
        env=environment,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["achieved"] == pytest.approx(answer["ideal"])
    assert answer["serial"] > 2 * answer["ideal"]
    path = [call for call in answer["calls"] if call["critical"]]
    assert next(call["line"] for call in path) == 9
    assert path[-1]["end"] == answer["ideal"]
