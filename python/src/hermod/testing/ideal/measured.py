"""One traced run, and the longest path through what its calls need."""

from __future__ import annotations

from dataclasses import dataclass

from hermod.testing.functions import Function, Plan
from hermod.testing.ideal.build import CannotTrace
from hermod.testing.ideal.schedule import critical, members, schedule
from hermod.testing.ideal.trace import trace
from hermod.testing.run import run


@dataclass(frozen=True)
class CallTrace:
    """One call or sleep of the serial program; times in virtual seconds from the start."""

    key: str
    function: str
    line: int
    start: float
    end: float
    #: Places in the list of calls.
    needs: list[int]
    #: On the longest path.
    critical: bool


@dataclass(frozen=True)
class Ideal:
    """What the serial program takes, and what it would take at best."""

    serial: float
    ideal: float
    #: In serial order; equal declared-pure calls once.
    calls: list[CallTrace]


def ideal(source: str, catalog: dict[str, Function], plan: Plan) -> Ideal:
    """Traces one run. Raises `CannotTrace` rather than guess."""
    plain = run(source, catalog, plan)
    nodes, stdout = trace(source, catalog, plan)
    made = sorted({node.key for node in nodes if node.kind == "call"})
    if stdout != plain.stdout or made != sorted({call.key for call in plain.calls}):
        raise CannotTrace(1, "the program behaves otherwise when traced")
    best = schedule(nodes)
    path = critical(nodes)
    calls = [
        CallTrace(node.key, node.function, node.line, node.start, node.end,
                  members(node.needs), number in path)
        for number, node in enumerate(nodes)
    ]  # fmt: skip
    return Ideal(plain.makespan, best, calls)
