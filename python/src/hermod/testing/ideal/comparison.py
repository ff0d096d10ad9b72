"""A program beside its ideal, as JSON: for the command line, and for `dice parallelize --ideal`.

`serial`, `ideal`, `achieved` and `ratio` (the last two null without a distributed program), in
virtual seconds; `calls`, each with `key`, `function`, `line` of the serial program, `start` and
`end` in the ideal, `achieved` (its start, or null), `needs` (places in `calls`) and `critical`;
`path`: the calls that the distributed program waits for one after the other, each with `function`,
`line`, `start`, `end`. If the program cannot be traced: `{"cannot": reason, "line": number}`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hermod.testing.functions import Call, Function, Plan
from hermod.testing.ideal.build import CannotTrace
from hermod.testing.ideal.measured import ideal
from hermod.testing.run import run

NOTHING = 1e-6


def compare(
    program: str, distributed: str | None, catalog: dict[str, Function], plan: Plan
) -> dict[str, Any]:
    """The object above."""
    try:
        best = ideal(program, catalog, plan)
    except CannotTrace as why:
        return {"cannot": why.why, "line": why.line}
    answer: dict[str, Any] = {**asdict(best), "achieved": None, "ratio": None, "path": []}
    issued: dict[str, list[float]] = {}
    if distributed:
        report = run(distributed, catalog, plan)
        answer["achieved"] = report.makespan
        answer["ratio"] = report.makespan / best.ideal if best.ideal else 1.0
        answer["path"] = longest_path({one.key: one.line for one in best.calls}, report.calls)
        for call in report.calls:
            issued.setdefault(call.key, []).append(call.issued)
    for one in answer["calls"]:
        one["achieved"] = issued[one["key"]].pop(0) if issued.get(one["key"]) else None
    return answer


def longest_path(lines: dict[str, int], calls: list[Call]) -> list[dict[str, Any]]:
    """From the call that ends last back: each began when the one before it ended, or after a sleep.
    `lines`: of the serial program, by key."""
    path: list[dict[str, Any]] = []
    left = list(calls)
    at = max(left, key=_end, default=None)
    while at is not None:
        line = lines.get(at.key)
        path.append({"function": at.function, "line": line, "start": at.issued, "end": _end(at)})
        left = [one for one in left if one is not at and _end(one) < at.issued + NOTHING]
        at = max(left, key=_end, default=None) if at.issued > NOTHING else None
    return path[::-1]


def _end(call: Call) -> float:
    return call.issued + call.latency
