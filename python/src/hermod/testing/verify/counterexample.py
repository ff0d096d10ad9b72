"""A finding as JSON, for people to read: what goes in, what both programs make of it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hermod.testing.functions import Call
from hermod.testing.run import Report
from hermod.testing.verify.pair import Finding


def counterexample(finding: Finding) -> dict[str, Any]:
    """The rules that are broken, inputs, calls with their results, and both outcomes."""
    serial, distributed = finding.serial, finding.distributed
    beyond = _beyond(serial, distributed)
    return {
        "differences": [{"rule": one.rule, "what": one.what} for one in finding.differences],
        "inputs": {name: finding.plan.inputs.get(name) for name in serial.inputs},
        "calls": [*(_call(call, "serial") for call in serial.calls),
                  *(_call(call, "distributed") for call in beyond)],
        "serial": _outcome(serial),
        "distributed": None if distributed is None else _outcome(distributed),
    }  # fmt: skip


def _beyond(serial: Report, distributed: Report | None) -> list[Call]:
    """What only the distributed program calls."""
    left = Counter(call.key for call in serial.calls)
    found = []
    for call in distributed.calls if distributed else ():
        left[call.key] -= 1
        if left[call.key] < 0:
            found.append(call)
    return found


def _call(call: Call, program: str) -> dict[str, Any]:
    arguments = json.loads(call.key[len(call.function) + 1 : call.key.rindex(")@")])
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return {
        "program": program,
        "line": call.line,
        "call": f"{call.function}({given})",
        "seconds": call.latency,
        "fails": call.failed,
        "result": json.loads(json.dumps(call.result, default=str)),
    }


def _outcome(report: Report) -> dict[str, Any]:
    return {
        "stdout": report.stdout,
        "stderr": report.stderr,
        "end": _end(report.end),
        "writes": [f"{name}({json.dumps(arguments)})" for name, arguments in report.writes],
    }


def _end(end: list[str]) -> str:
    match end:
        case ["normal"]:
            return "normally"
        case ["exit", code]:
            return f"sys.exit({code})"
        case [_, kind, message]:
            return f"{kind}: {message}"
    return " ".join(end)
