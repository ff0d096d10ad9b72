"""What the made-up functions do, from run to run: results, latencies, failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from hermod.testing.functions import Plan
from hermod.testing.values import Taste
from hermod.testing.verify.hints import Hints
from hermod.testing.verify.pair import Pair

#: Seconds of a call that comes last or first whatever else happens.
_LAST, _FIRST = 50.0, 0.125


@dataclass(frozen=True)
class Planner:
    """Makes plans for a pair; the same for the same seed."""

    pair: Pair
    hints: Hints
    seed: int
    inputs: dict[str, str]

    def without_failures(self, most: int) -> list[Plan]:
        """Results of many kinds; latencies in every order that tells programs apart."""
        plain = self._plain()
        plans = [plain, replace(plain, otherwise=1.0), replace(plain, empty_lists=True)]
        plans += [self._varied(index) for index in range(1, 9)]
        plans += sampled(list(self._latencies(plain)), most // 4)
        plans += [replace(plain, seed=self.seed + index) for index in range(1, 5)]
        plans += [self._varied(index) for index in range(9, 1 + most // 4)]
        plans += sampled(list(self._latencies(self._varied(2))), most // 4)
        return plans[:most]

    def with_failures(self, most: int) -> list[Plan]:
        """Each call's failure alone, then pairs of which the later one fails sooner."""
        bases = self._bases()
        alone = [replace(bases[0], failing=frozenset([key])) for key in self._keys(bases[0])]
        alone = sampled(alone, most)
        share = (most - len(alone)) // len(bases)
        return [*alone, *(plan for base in bases for plan in self._failing(base, share))]

    def _bases(self) -> list[Plan]:
        """Plans under which, together, as many places as possible call something."""
        usual = [self._varied(1), self._varied(4), self._varied(7)]
        found, reached = [self._plain()], self._places(self._plain())
        for plan in (self._varied(index) for index in range(1, 13)):
            places = self._places(plan)
            if not places <= reached:
                found.append(plan)
                reached |= places
        return [*found, *(plan for plan in usual if plan not in found)][:4]

    def _places(self, plan: Plan) -> set[int]:
        report = self.pair.serial(plan)
        return {call.line for call in report.calls} if report else set()

    def _plain(self) -> Plan:
        return Plan(seed=self.seed, inputs=self.inputs)

    def _varied(self, index: int) -> Plan:
        """Bold values, those with few and those with many items, and plain ones by turns."""
        seed = self.seed * 1000 + index
        kind = index % 3
        taste = Taste(seed, self.hints.texts, self.hints.numbers, kind > 0, 2 if kind == 2 else 0)
        return Plan(seed=seed, taste=taste, inputs=self.inputs)

    def _keys(self, plan: Plan) -> list[str]:
        report = self.pair.serial(plan)
        return list(dict.fromkeys(call.key for call in report.calls)) if report else []

    def _latencies(self, base: Plan) -> Iterator[Plan]:
        """Results come in the reverse order, or one call is the last or the first of all."""
        keys = self._keys(base)
        yield replace(base, latencies={key: 1.0 + n for n, key in enumerate(reversed(keys))})
        yield replace(base, latencies={key: 1.0 + n for n, key in enumerate(keys)})
        for key in keys:
            yield replace(base, otherwise=1.0, latencies={key: _LAST})
            yield replace(base, otherwise=5.0, latencies={key: _FIRST})

    def _failing(self, base: Plan, most: int) -> list[Plan]:
        keys = self._keys(base)
        alone = [replace(base, failing=frozenset([key])) for key in keys]
        ends = [replace(base, failing=frozenset(keys)), replace(base, failing=frozenset(keys[:1]))]
        early = [replace(plan, otherwise=5.0, latencies=dict.fromkeys(plan.failing, _FIRST))
                 for plan in alone]  # fmt: skip
        late = [replace(plan, otherwise=1.0, latencies=dict.fromkeys(plan.failing, _LAST))
                for plan in alone]  # fmt: skip
        close = [_in_reverse(base, *pair) for pair in pairwise(keys)]
        far = [_in_reverse(base, *pair) for pair in combinations(keys, 2)]
        then = [plan for one in sampled(alone, most // 8) for plan in self._further(one)]
        parts = [(alone, 4), (ends, 99), (early, 8), (close, 6), (then, 8), (far, 6), (late, 8)]
        return [plan for part, share in parts for plan in sampled(part, max(2, most // share))]

    def _further(self, plan: Plan) -> list[Plan]:
        """Failures of calls that are made only because this one failed."""
        known = set(self._keys(replace(plan, failing=frozenset())))
        new = [key for key in self._keys(plan) if key not in known]
        return [replace(plan, failing=plan.failing | {key}) for key in new[:2]]


def _in_reverse(base: Plan, first: str, second: str) -> Plan:
    return replace(base, failing=frozenset([first, second]),
                   latencies={first: _LAST, second: _FIRST})  # fmt: skip


def sampled(plans: list[Plan], most: int) -> list[Plan]:
    """At most so many, evenly spread, first and last among them."""
    if len(plans) <= most:
        return plans
    step = (len(plans) - 1) / max(1, most - 1)
    return [plans[round(index * step)] for index in range(most)]
