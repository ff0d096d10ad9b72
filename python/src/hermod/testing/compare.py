"""Is one program as good as another? What can be observed, under latencies and failures (O1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hermod.testing.functions import Function, Plan
from hermod.testing.limits import OUTGROWN, limited_time
from hermod.testing.run import Report, run
from hermod.testing.undecided import careless, undecided

Catalog = dict[str, Function]


@dataclass(frozen=True)
class Difference:
    """What differs, under which plan."""

    what: str
    plan: Plan
    expected: object
    actual: object

    def __str__(self) -> str:
        lines = (self.what, self.plan, f"serial:      {self.expected}",
                 f"distributed: {self.actual}")  # fmt: skip
        return "\n  ".join(map(str, lines))


def plans(serial: str, catalog: Catalog, seeds: range, most: int = 10_000) -> Iterator[Plan]:
    """No failure; each call's failure; pairs of failures where the later one is the faster."""
    for seed in seeds:
        yield Plan(seed=seed)
    yield Plan(empty_lists=True)
    keys = list(
        dict.fromkeys(call.key for call in run_within_limits(serial, catalog, Plan()).calls)
    )
    step = max(1, len(keys) * 2 // most)
    for seed, key in list(enumerate(keys))[::step]:
        yield Plan(seed=seed, failing=frozenset([key]))
    for first, second in list(pairwise(keys))[::step]:
        latencies = {first: 50.0, second: 0.5}
        yield Plan(failing=frozenset([first, second]), latencies=latencies)
    for first, second in list(pairwise(keys))[:: 2 * step]:
        yield Plan(failing=frozenset([second]), latencies={first: 50.0, second: 0.5})
    if len(keys) > 1:
        yield Plan(failing=frozenset(keys), latencies={keys[0]: 50.0, keys[-1]: 0.5})


def run_within_limits(source: str, catalog: Catalog, plan: Plan, *, traced: bool = False) -> Report:
    """Raises one of `OUTGROWN` if it takes more than it may."""
    with limited_time():
        return run(source, catalog, plan, traced=traced)


def differences(serial: str, distributed: str, catalog: Catalog, plan: Plan) -> list[Difference]:
    """How the two differ under one plan, in what matters.

    Raises one of `OUTGROWN` if the serial program takes more than it may."""
    expected = run_within_limits(serial, catalog, plan, traced=True)
    try:
        actual = run_within_limits(distributed, catalog, plan)
    except OUTGROWN as why:
        return [Difference("takes more than it may", plan, "", type(why).__name__)]
    found = [
        Difference(name, plan, value, actual.observables()[name])
        for name, value in expected.observables().items()
        if value != actual.observables()[name]
    ]
    if actual.complaints and not expected.complaints:
        found.append(Difference("complaints", plan, expected.complaints, actual.complaints))
    if not found:
        found += _work(expected, actual, catalog, plan)
    return found


def _work(expected: Report, actual: Report, catalog: Catalog, plan: Plan) -> list[Difference]:
    """Serial's calls are made; others only where an exception says that serial stopped, or as a
    guess that the program was asked to make (E3)."""
    wanted, made = (Counter(call.key for call in one.calls) for one in (expected, actual))
    found = []
    if missing := wanted - made:
        found.append(Difference("calls left out", plan, sorted(missing), ""))
    if names := careless(actual, catalog):
        found.append(Difference("guesses at what is not declared pure", plan, "", names))
    if extra := undecided(expected, actual):
        found.append(Difference("calls on undecided tests", plan, "", sorted(extra)))
    # A call that joined one that failed is made anew (E5): then serial may be the faster.
    if not plan.failing and actual.makespan > expected.makespan + 1e-6:
        found.append(Difference("slower", plan, expected.makespan, actual.makespan))
    return found
