"""Correct distributed programs, broken: `verify` finds every one that is not equivalent."""

from __future__ import annotations

from collections import Counter

import pytest

from hermod.testing.functions import functions_of
from hermod.testing.verify.pair import Pair
from hermod.testing.verify.verdict import search
from test_verify_proof import FUNCTIONS, PROGRAMS, ask, made
from verify_mutants import UNDER_FAILURES, WAYS, broken

#: Mutants that behave as the program does, and why.
EQUIVALENT = {
    ("results are given back in another order", "dict_items"): "they are multiplied",
    ("a failure is swallowed", "comprehension_variables"): "equal calls have failed above it",
    ("each item comes twice", "best_so_far"): "what is as good as the best is passed over",
    ("a failure is swallowed", "ahead_list_looked_at"): "the loop along it fails in the same place",
    ("an await is dropped", "ahead_list_looked_at"): "nothing looks at it but a loop of its own",
    (
        "a failure is swallowed",
        "ahead_list_walked_along",
    ): "the loop along it fails in the same place",
    ("an await is dropped", "ahead_list_walked_along"): "nothing looks at it but a loop of its own",
    (
        "a failure is swallowed",
        "ahead_argument_changed_meanwhile",
    ): "what it gives is only fetched ahead",
    (
        "an await is dropped",
        "ahead_argument_changed_meanwhile",
    ): "what it gives is only fetched ahead",
    ("a failure is swallowed", "ahead_read_in_the_way"): "what it gives is only fetched ahead",
    ("an await is dropped", "ahead_read_in_the_way"): "what it gives is only fetched ahead",
    ("a continue or break is lost", "ahead_helper_raises"): "what is fetched has been made above",
    ("a failure is swallowed", "ahead_first_turn_of_an_agent"): "starting work does not fail",
    ("a continue or break is lost", "ahead_first_turn_of_an_agent"): "another one follows it",
    (
        "an argument is another",
        "ahead_first_turn_of_an_agent",
    ): "what it gives is only fetched ahead",
}
PER_WAY = 10
RUNS = 150


def mutants(way: str) -> list[tuple[str, str]]:
    """The first programs that have a place for it, by name, and what becomes of them."""
    found = []
    for path in sorted(PROGRAMS.glob("*.py")):
        distributed = made(path.stem)
        text = broken(distributed, WAYS[way]) if distributed else None
        if text is not None:
            found.append((path.stem, text))
    return found[:PER_WAY]


@pytest.mark.parametrize("way", WAYS)
def test_mutants_are_caught(way: str) -> None:
    for name, text in mutants(way):
        serial = (PROGRAMS / f"{name}.py").read_text()
        pair = Pair(serial, text, functions_of(FUNCTIONS))
        finding = search(pair, 0, RUNS, {})
        if finding is None:
            assert (way, name) in EQUIVALENT, f"{way}: {name} is not caught"
        else:
            assert (way, name) not in EQUIVALENT, f"{way}: {name} is no equivalent"
            assert any(one["status"] == "tested" for one in ask(serial, text)), (way, name)


def test_there_are_enough_of_them() -> None:
    counts = {way: len(mutants(way)) for way in WAYS}
    assert sum(count == PER_WAY for count in counts.values()) >= 12, counts
    assert sum(counts[way] >= 6 for way in UNDER_FAILURES) >= 4, counts


def test_no_broken_program_is_proved() -> None:
    """Of programs that are proved as a whole, every mutant: no proof without a reason."""
    counts: Counter[str] = Counter()
    for path in sorted(PROGRAMS.glob("*.py")):
        serial, distributed = path.read_text(), made(path.stem)
        if distributed is None or not _is_proved(serial, distributed):
            continue
        for way in WAYS:
            text = broken(distributed, WAYS[way])
            if text is None:
                continue
            counts["mutants"] += 1
            if _is_proved(serial, text):
                counts["proved"] += 1
                assert search(Pair(serial, text, functions_of(FUNCTIONS)), 0, RUNS, {}) is None, way
    assert counts["mutants"] > 500, counts
    assert counts["proved"] < 0.01 * counts["mutants"], counts


def _is_proved(serial: str, distributed: str) -> bool:
    return all(one["status"] != "tested" for one in ask(serial, distributed))
