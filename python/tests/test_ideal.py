"""The ideal is right where it was worked out by hand, and nothing is ever faster."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hermod.testing import Plan, run
from hermod.testing.ideal import CannotTrace, ideal
from hermod.testing.paralleliser import Paralleliser
from hermod.testing.score import score, score_all, summary
from test_differential import CATALOG, CRITICAL, NAMES, PROGRAMS, ROOT, distributed

DRAWS = range(5)
CALIBRATION = sorted((ROOT / "tests/ideal").glob("*.py"))
CORPUS = sorted(path.parent for path in (ROOT / "tests/corpus").glob("*/catalog.yaml"))
#: These cannot be traced.
LOOK_AT_THEMSELVES = {"kept_locals"}

#: Whether `hermod` is bound is what they are about, and tracing binds it.
BIND_NO_HERMOD = {"kept_hermod_is_not_imported"}

#: Only a failed call ends them, and calls do not fail here.
END_BY_FAILURE = {"kept_failure_ends_a_flag"}
NOT_TIMED = LOOK_AT_THEMSELVES | BIND_NO_HERMOD | END_BY_FAILURE


@pytest.mark.parametrize("name", sorted(CRITICAL))
def test_the_ideal_is_the_critical_path_worked_out_by_hand(name: str) -> None:
    serial = (PROGRAMS / f"{name}.py").read_text()
    for seed in DRAWS:
        calls = run(serial, CATALOG, Plan(seed=seed)).calls
        expected = CRITICAL[name]([call.latency for call in calls])
        assert ideal(serial, CATALOG, Plan(seed=seed)).ideal == pytest.approx(expected)


def test_there_are_thirty_programs_worked_out_by_hand() -> None:
    assert len(CALIBRATION) >= 30


@pytest.mark.parametrize("path", CALIBRATION, ids=lambda path: path.stem)
def test_the_ideal_is_what_the_first_line_says(path: Path) -> None:
    """`# ideal: …` over `t`, the latencies of serial's calls in their order."""
    serial = path.read_text()
    expression = serial.splitlines()[0].removeprefix("# ideal: ")
    for seed in DRAWS:
        plain = run(serial, CATALOG, Plan(seed=seed))
        assert plain.end == ["normal"]
        names = {"t": [call.latency for call in plain.calls], "max": max, "sum": sum}
        expected = eval(expression, {"__builtins__": {}}, names)
        found = ideal(serial, CATALOG, Plan(seed=seed))
        assert found.ideal == pytest.approx(expected)
        assert found.serial == pytest.approx(plain.makespan)


class Hasty(Paralleliser):
    """Its programs stop before they have called anything."""

    def __init__(self) -> None:
        pass

    def distribute(self, program: str) -> dict[str, Any]:
        return {"source": "print('done')", "changed": True, "decisions": []}


def test_whoever_stops_early_is_not_fast() -> None:
    found = score(ROOT / "tests/ideal/diamond.py", CATALOG, Hasty())
    assert found.error == "not the same program, seed 0: it ended normal"


@pytest.mark.parametrize("folder", CORPUS, ids=lambda path: path.name)
def test_nothing_of_the_corpus_is_faster_than_its_ideal(folder: Path) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    scores = list(score_all([folder]))
    assert [one for one in scores if one.error] == []
    assert summary(scores)["faster_than_ideal"] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - NOT_TIMED))
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
