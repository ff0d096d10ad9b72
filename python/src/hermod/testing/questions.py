"""Questions that `hermod.testing.driver` can be asked, and how their parts look as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hermod.testing.functions import Plan, functions_of
from hermod.testing.ideal import compare
from hermod.testing.run import run
from hermod.testing.values import Taste

Question = dict[str, Any]


def plan_of(fields: dict[str, Any]) -> Plan:
    """A plan from JSON; what is left out stays as it is in a plain one."""
    taste = Taste(**fields.get("taste", {}))
    return Plan(**{**fields, "failing": frozenset(fields.get("failing", ())), "taste": taste})


def report(question: Question) -> dict[str, Any]:
    """`{"program": text, "functions": [description, …], "plan": {…}}`: one run's report."""
    functions = functions_of(question["functions"])
    return asdict(run(question["program"], functions, plan_of(question.get("plan", {}))))


def ideal(question: Question) -> list[dict[str, Any]]:
    """`{"program": text, "distributed": text, "functions": […], "plans": [{…}, …]}`: for each plan
    what `hermod.testing.ideal.comparison` describes."""
    functions = functions_of(question["functions"])
    program, distributed = question["program"], question["distributed"]
    plans = map(plan_of, question["plans"])
    return [compare(program, distributed, functions, plan) for plan in plans]
