"""Two programs under one plan, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hermod.testing.functions import Function, Plan, TooManyCalls
from hermod.testing.run import Report, run
from hermod.testing.undecided import careless, undecided
from hermod.testing.verify.hints import hints

#: More than one run of a program needs; who makes more is taken not to end.
MOST_CALLS = 1000
#: Latencies that a program with concurrency of its own is tried under, for what it may do (O4).
_WAYS = 12


@dataclass(frozen=True)
class Difference:
    """What differs, by which rule (SEMANTICS)."""

    rule: str
    what: str


@dataclass(frozen=True)
class Finding:
    """A plan under which the two differ."""

    plan: Plan
    differences: list[Difference]
    serial: Report
    #: `None`: it does not end.
    distributed: Report | None


class Pair:
    """A serial program and one that claims to be as good."""

    def __init__(self, serial: str, distributed: str, functions: dict[str, Function]) -> None:
        self.functions = functions
        self.serial_text, self._distributed = serial, distributed
        self._has_ways = hints(serial).concurrent
        self.runs = 0
        #: Plans under which the serial program does not end by itself.
        self.skipped = 0

    def serial(self, plan: Plan) -> Report | None:
        """How the serial program goes; `None`: it does not end."""
        return self._run(self.serial_text, plan, traced=True)

    def finding(self, plan: Plan) -> Finding | None:
        """What is wrong under this plan."""
        self.runs += 1
        serial = self.serial(plan)
        if serial is None or _is_exhausted(serial):
            self.skipped += 1
            return None
        distributed = self._run(self._distributed, plan, traced=False)
        if distributed is not None and _is_exhausted(distributed):
            self.skipped += 1
            return None
        found = _differences(serial, distributed, self.functions)
        if not found or self._is_another_way(plan, distributed):
            return None
        return Finding(plan, found, serial, distributed)

    def _run(self, source: str, plan: Plan, *, traced: bool) -> Report | None:
        try:
            bounded = replace(plan, most_calls=min(plan.most_calls, MOST_CALLS))
            return run(source, self.functions, bounded, traced=traced)
        except TooManyCalls:
            return None

    def _is_another_way(self, plan: Plan, distributed: Report | None) -> bool:
        """Would the serial program do the same under other latencies (O4)?"""
        if not self._has_ways or distributed is None:
            return False
        ways = [replace(plan, seed=plan.seed + 1 + way, latencies={}, otherwise=None)
                for way in range(_WAYS)]  # fmt: skip
        keys = [call.key for call in distributed.calls]
        forth = {key: 1.0 + index for index, key in enumerate(keys)}
        back = {key: 1.0 + index for index, key in enumerate(reversed(keys))}
        ways += [replace(plan, latencies=latencies) for latencies in (forth, back)]
        reports = (self.serial(way) for way in ways)
        return any(
            report and not _differences(report, distributed, self.functions) for report in reports
        )


def _is_exhausted(report: Report) -> bool:
    """A platform outcome, under which nothing can be equal (O3)."""
    return report.end[:2] == ["raised", "RecursionError"]


def _differences(
    serial: Report, distributed: Report | None, functions: dict[str, Function]
) -> list[Difference]:
    if distributed is None:
        return [Difference("A1", "the distributed program does not end")]
    return [*_observed(serial, distributed), *_complaints(serial, distributed),
            *_work(serial, distributed, functions)]  # fmt: skip


def _observed(serial: Report, distributed: Report) -> list[Difference]:
    found = []
    if serial.writes != distributed.writes:
        found.append(Difference("E2", "the writes that are made, or their order"))
    if serial.end != distributed.end:
        found.append(Difference("A1", "the way the program ends"))
    found += [
        Difference("A5", f"what is printed to {stream}")
        for stream in ("stdout", "stderr")
        if getattr(serial, stream) != getattr(distributed, stream)
    ]
    if repr(serial.answer) != repr(distributed.answer):
        found.append(Difference("O1", "the answer given to hermod.answer"))
    return found


def _complaints(serial: Report, distributed: Report) -> list[Difference]:
    new = [one for one in distributed.complaints if one not in serial.complaints]
    return [Difference("A2", f"Python complains: {one}") for one in new[:1]]


def _work(serial: Report, distributed: Report, functions: dict[str, Function]) -> list[Difference]:
    found = [Difference("E3", f"`{name}` is guessed, and not declared pure")
             for name in careless(distributed, functions)[:1]]  # fmt: skip
    if undecided(serial, distributed):
        found.append(Difference("E3", "a call is made that no test has asked for"))
    return found
