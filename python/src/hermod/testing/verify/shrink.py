"""The smallest plan under which two programs still differ."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hermod.testing.functions import Call, Plan
from hermod.testing.run import Report
from hermod.testing.verify.pair import Finding, Pair
from hermod.testing.verify.smaller import smaller

#: Plans that are tried for it.
_PATIENCE = 150


def shrunk(pair: Pair, finding: Finding) -> Finding:
    """Fewest failures, then the plainest latencies, then the smallest results."""
    return _Shrinker(pair, finding).run()


class _Shrinker:
    def __init__(self, pair: Pair, finding: Finding) -> None:
        self._pair, self._best = pair, finding
        self._tries = 0

    def run(self) -> Finding:
        self._drop_failures()
        self._plain_latencies()
        while self._smaller_result():
            pass
        self._plain_latencies()
        return self._best

    def _is_better(self, plan: Plan) -> bool:
        self._tries += 1
        if self._tries > _PATIENCE:
            return False
        finding = self._pair.finding(plan)
        if finding is not None:
            self._best = finding
        return finding is not None

    def _drop_failures(self) -> None:
        for key in sorted(self._best.plan.failing):
            self._is_better(replace(self._best.plan, failing=self._best.plan.failing - {key}))

    def _plain_latencies(self) -> None:
        """A second for each; or else whole seconds in the same order, few of them."""
        plan = self._best.plan
        if self._is_better(replace(plan, latencies={}, otherwise=1.0)):
            return
        latencies = {call.key: call.latency for call in _calls(self._best)}
        order = sorted(set(latencies.values()))
        ranks = {key: 1.0 + order.index(latency) for key, latency in latencies.items()}
        self._is_better(replace(plan, latencies=ranks, otherwise=1.0))
        for key in [*self._best.plan.latencies]:
            rest = {k: v for k, v in self._best.plan.latencies.items() if k != key}
            self._is_better(replace(self._best.plan, latencies=rest, otherwise=1.0))
        order = sorted({1.0, *self._best.plan.latencies.values()})
        ranks = {k: 1.0 + order.index(v) for k, v in self._best.plan.latencies.items()}
        self._is_better(replace(self._best.plan, latencies=ranks, otherwise=1.0))

    def _smaller_result(self) -> bool:
        for call in _calls(self._best):
            if call.failed:
                continue
            function = self._pair.functions[call.function]
            definitions = function.result.get("$defs", {})
            for value in smaller(call.result, function.value, definitions):
                if self._tries > _PATIENCE:
                    return False
                if self._is_better(self._with_result(call, value)):
                    return True
        return False

    def _with_result(self, call: Call, value: Any) -> Plan:
        """Later calls get other arguments, and with them other keys: failures and latencies go to
        the calls in the same place."""
        plan = self._best.plan
        results = {one.key: copy.deepcopy(one.result) for one in _calls(self._best)
                   if not one.failed}  # fmt: skip
        changed = replace(plan, results={**results, call.key: value})
        before, after = self._places(replace(plan, results=results)), self._places(changed)
        names = {key: after.get(place, key) for place, key in before.items()}
        return replace(
            changed,
            failing=frozenset(names.get(key, key) for key in plan.failing),
            latencies={names.get(key, key): latency for key, latency in plan.latencies.items()},
        )

    def _places(self, plan: Plan) -> dict[tuple[str, int], str]:
        """Of each call, when none fails: the function, and the how manieth call of it."""
        report = self._pair.serial(replace(plan, failing=frozenset()))
        seen: Counter[str] = Counter()
        places = {}
        for call in report.calls if report else ():
            places[call.function, seen[call.function]] = call.key
            seen[call.function] += 1
        return places


def _calls(finding: Finding) -> Iterator[Call]:
    """Each key once, in serial order."""
    reports: list[Report] = [finding.serial]
    if finding.distributed is not None:
        reports.append(finding.distributed)
    yield from {call.key: call for report in reversed(reports) for call in report.calls}.values()
