"""What a call needs, seen from outside: change one result, and look which calls are gone.

A call that goes when another's result changes hangs on that other, by data or by a test. So the
tracer must say that it needs it, itself or through others; else an ideal is too low. Nothing of
the tracer's way of working enters here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hermod.testing import Plan, functions, run
from hermod.testing.functions import Function, load_catalog
from hermod.testing.ideal import CallTrace, ideal
from hermod.testing.oracle import programs
from hermod.testing.values import made_up

ROOT = Path(__file__).resolve().parents[2] / "tests" / "corpus"
NAMES = sorted(programs(ROOT))
#: How many other results each call gets.
OTHERS = 3


def ancestors(calls: list[CallTrace]) -> list[set[int]]:
    """Everything that each call needs, itself or through others."""
    found = [set(call.needs) for call in calls]
    grown = True
    while grown:
        grown = False
        for needed in found:
            size = len(needed)
            needed.update(*(found[other] for other in tuple(needed)))
            grown = grown or len(needed) > size
    return found


def called(key: str) -> str:
    """A key without the epoch, which shifts when writes come or go."""
    return key.rpartition("@")[0]


class Perturbed:
    """Makes up one call's result from another key than all others'."""

    def __init__(self, key: str, salt: int) -> None:
        self.key, self.salt = key, salt

    def __call__(self, schema: dict[str, Any], definitions: dict[str, Any], key: str) -> Any:
        other = f"{key}#{self.salt}" if key == self.key else key
        return made_up(schema, definitions, other)


def vanished(
    source: str, catalog: dict[str, Function], key: str, patch: pytest.MonkeyPatch
) -> Counter[str]:
    """How often what is called was missing, over runs that came to an intended end."""
    before = {called(call.key) for call in run(source, catalog, Plan()).calls}
    missing: Counter[str] = Counter()
    for salt in range(OTHERS):
        with patch.context() as one:
            one.setattr(functions, "made_up", Perturbed(key, salt))
            report = run(source, catalog, Plan())
        if report.end[0] != "raised":
            missing.update(before - {called(call.key) for call in report.calls})
    return missing


def unexplained(path: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Calls that vanish when the result of one changes that they do not need."""
    source, catalog = path.read_text(), load_catalog(path.parent / "catalog.yaml")
    calls = ideal(source, catalog, Plan()).calls
    needed, times = ancestors(calls), Counter(call.key for call in calls)
    found = []
    for place, cause in enumerate(calls):
        if cause.function not in catalog or times[cause.key] > 1:
            continue
        missing = vanished(source, catalog, cause.key, patch)
        found += [
            f"line {call.line}: {call.key} hangs on {cause.key}"
            for number, call in enumerate(calls)
            if number != place and place not in needed[number] and missing[called(call.key)]
        ]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_with_a_result_needs_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unexplained(ROOT / name, monkeypatch) == []
