"""What a program waits for, line by line, before and after: for `dice parallelize --explain`.

`before` and `after`: `seconds` in all, and `waits`, the calls that are waited for one after the
other, summed up by `line` of the serial program and `function`. `speculation` (null without a
program that guesses), in the mean of the plans: seconds `without` and `guessing`, calls `in_vain`.
`end`: how the program ends. If that cannot be told: `{"cannot": reason}`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import mean
from typing import Any

from hermod.testing.functions import Function, Plan, TooManyCalls, functions_of
from hermod.testing.ideal.comparison import longest_path
from hermod.testing.questions import plan_of
from hermod.testing.run import Report, run

#: Whoever makes more calls with made-up results is taken not to end.
MOST_CALLS = 2_000


def explain(question: dict[str, Any]) -> dict[str, Any]:
    """`{"serial", "distributed", "plain", "guessing", "functions", "plans"}`: the object above.

    The last two texts are the distributed program without and with guesses, or null."""
    try:
        return _explained(question, functions_of(question["functions"]))
    except TooManyCalls:
        return {"cannot": "with made-up results a program does not end"}


def _explained(question: dict[str, Any], functions: dict[str, Function]) -> dict[str, Any]:
    plans = [replace(plan_of(plan), most_calls=MOST_CALLS) for plan in question["plans"]]
    serial = run(question["serial"], functions, plans[0])
    lines = {call.key: call.line for call in serial.calls}
    after = run(question["distributed"], functions, plans[0])
    return {
        "before": _waits(serial, lines),
        "after": _waits(after, lines),
        "speculation": _speculation(question, functions, plans),
        "end": ": ".join(serial.end),
    }


def _waits(report: Report, lines: dict[str, int]) -> dict[str, Any]:
    seconds: Counter[tuple[int, str]] = Counter()
    calls: Counter[tuple[int, str]] = Counter()
    for one in longest_path(lines, report.calls):
        place = one["line"] or 0, one["function"]
        seconds[place] += one["end"] - one["start"]
        calls[place] += 1
    waits = [{"line": line, "function": function, "calls": calls[line, function],
              "seconds": seconds[line, function]} for line, function in seconds]  # fmt: skip
    return {"seconds": report.makespan, "waits": waits}


def _speculation(
    question: dict[str, Any], functions: dict[str, Function], plans: list[Plan]
) -> dict[str, Any] | None:
    if question["guessing"] is None:
        return None
    without = [run(question["plain"], functions, plan) for plan in plans]
    guessing = [run(question["guessing"], functions, plan) for plan in plans]
    in_vain = [sum(not call.wanted for call in report.calls) for report in guessing]
    return {
        "without": mean(report.makespan for report in without),
        "guessing": mean(report.makespan for report in guessing),
        "in_vain": mean(in_vain),
        "most_in_vain": max(in_vain),
    }
