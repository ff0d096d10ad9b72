"""The verdict on a pair of programs, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hermod.testing.functions import Plan, functions_of
from hermod.testing.verify.counterexample import counterexample
from hermod.testing.verify.hints import hints
from hermod.testing.verify.pair import Finding, Pair
from hermod.testing.verify.plans import Planner
from hermod.testing.verify.shrink import shrunk

EQUAL = "equal"
EQUAL_WITHOUT_FAILURES = "equal_when_no_call_fails"
DIFFERENT = "different"


def verify(question: dict[str, Any]) -> dict[str, Any]:
    """`{"serial", "distributed", "functions", "inputs", "seed", "runs"}`: a verdict.

    Runs stop at the first difference, which is then made as small as can be.
    """
    functions = functions_of(question["functions"])
    pair = Pair(question["serial"], question["distributed"], functions)
    found = search(pair, question["seed"], question["runs"], question["inputs"])
    runs = pair.runs
    smallest = None if found is None else shrunk(pair, found)
    return {
        "verdict": _verdict(smallest),
        "runs": runs,
        "skipped": pair.skipped,
        "counterexample": smallest and counterexample(smallest),
    }


def search(pair: Pair, seed: int, runs: int, inputs: dict[str, str]) -> Finding | None:
    """The first plan under which the two differ; first without failures, which say more."""
    planner = Planner(pair, hints(pair.serial_text), seed, inputs)
    found = _first(pair, planner.without_failures(runs // 3))
    return found or _first(pair, planner.with_failures(runs - pair.runs))


def _first(pair: Pair, plans: Iterable[Plan]) -> Finding | None:
    findings = (pair.finding(plan) for plan in plans)
    return next((one for one in findings if one is not None), None)


def _verdict(finding: Finding | None) -> str:
    if finding is None:
        return EQUAL
    return EQUAL_WITHOUT_FAILURES if finding.plan.failing else DIFFERENT
