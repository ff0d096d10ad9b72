"""Serial and distributed forms of every test program agree in all that can be observed (O1).

Under any latencies and failures; and the distributed form is as fast as its critical path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from hermod.testing import Plan, Report, run
from hermod.testing.functions import load_catalog

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "programs"
SNAPSHOTS = ROOT / "crates" / "parallelize" / "tests" / "snapshots"
CATALOG = load_catalog(PROGRAMS / "catalog.yaml")
SEEDS = range(4)


def distributed(name: str) -> str:
    """What `dice parallelize` makes of it, from the snapshot that its own tests keep."""
    text = (SNAPSHOTS / f"{name}.snap").read_text().split("\n=====\n", 1)[1]
    return "" if text.startswith("(unchanged)") else text


NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py"))
CHANGED = [name for name in NAMES if distributed(name)]


def plans(serial: str) -> Iterator[Plan]:
    """No failure; each call's failure; pairs of failures where the later one is the faster."""
    for seed in SEEDS:
        yield Plan(seed=seed)
    yield Plan(empty_lists=True)
    keys = list(dict.fromkeys(call.key for call in run(serial, CATALOG, Plan()).calls))
    for seed, key in enumerate(keys):
        yield Plan(seed=seed, failing=frozenset([key]))
    for first, second in pairwise(keys):
        latencies = {first: 50.0, second: 0.5}
        yield Plan(failing=frozenset([first, second]), latencies=latencies)
        yield Plan(failing=frozenset([second]), latencies=latencies)
    if len(keys) > 1:
        yield Plan(failing=frozenset(keys), latencies={keys[0]: 50.0, keys[-1]: 0.5})


def differences(serial: str, other: str) -> list[str]:
    found = []
    for plan in plans(serial):
        expected, actual = run(serial, CATALOG, plan), run(other, CATALOG, plan)
        if expected.observables() != actual.observables():
            found.append(f"{plan}:\n{expected.observables()}\n{actual.observables()}")
        if actual.complaints:
            found.append(f"{plan}: {actual.complaints}")
    return found


@pytest.mark.parametrize("name", CHANGED)
def test_serial_and_distributed_agree(name: str) -> None:
    serial = (PROGRAMS / f"{name}.py").read_text()
    assert differences(serial, distributed(name)) == []


WRONG = sorted((PROGRAMS / "wrong").glob("*.py"))


def test_there_are_twenty_wrong_rewritings() -> None:
    assert len(WRONG) >= 20


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_wrong_rewritings_are_caught(path: Path) -> None:
    """`# serial: NAME` in the first line says of which program it is a rewriting."""
    text = path.read_text()
    name = text.splitlines()[0].removeprefix("# serial: ")
    serial = (PROGRAMS / f"{name}.py").read_text()
    assert differences(serial, text)


CriticalPath = Callable[[list[float]], float]


def after_first(times: list[float]) -> float:
    return times[0] + max(times[1:])


def pairs(times: list[float]) -> float:
    return max(one + other for one, other in zip(times[::2], times[1::2], strict=True))


# The critical path of each program, from the latencies of its calls in serial order.
CRITICAL: dict[str, CriticalPath] = {
    "ahead_break_chain": lambda times: max(
        sum(times[: 2 * turn + 1 : 2]) + times[2 * turn + 1] for turn in range(4)
    ),
    "ahead_while_cursor": lambda times: max(
        sum(times[: 3 * turn + 1 : 3]) + max(times[3 * turn + 1 : 3 * turn + 3])
        for turn in range(3)
    ),
    "ahead_with_and_match": lambda times: max(*times[:2], times[2] + times[3]),
    "figure_2": after_first,
    "loop_describe": after_first,
    "straight_line": max,
    "straight_chain": lambda times: max(times[0] + times[1], times[2]),
    "same_statement": max,
    "tuple_unpacking": max,
    "multi_line_arguments": max,
    "prints_between": max,
    "accumulators": max,
    "counter_first": max,
    "last_values": max,
    "if_branches": max,
    "try_default": max,
    "try_twice": max,
    "try_around_loop": max,
    "try_prints_inside": max,
    "list_comprehension": max,
    "comprehension_return": max,
    "nested_loops": max,
    "helper_coroutine": after_first,
    "helper_sync": max,
    "chain_in_loop": pairs,
    "dict_items": max,
    "sorted_and_sliced": max,
    "read_tickets": after_first,
    "fields_that_must_be_there": after_first,
    "early_return_in_helper": max,
    "continue_late": max,
    "string_in_triple_quotes": max,
    "module_constants": max,
    "dataclass_records": max,
    "two_chains": lambda times: max(times[0] + times[1], times[2] + times[3]) + times[4],
    "two_loops": max,
    "loop_over_later_items": lambda times: max(times[0], after_first(times[1:])),
}


@pytest.mark.parametrize("name", sorted(CRITICAL))
def test_distributed_is_as_fast_as_its_critical_path(name: str) -> None:
    serial = (PROGRAMS / f"{name}.py").read_text()
    for seed in SEEDS:
        slow: Report = run(serial, CATALOG, Plan(seed=seed))
        fast = run(distributed(name), CATALOG, Plan(seed=seed))
        ideal = CRITICAL[name]([call.latency for call in slow.calls])
        assert ideal - 1e-6 <= fast.makespan <= 1.05 * ideal, (fast.makespan, ideal)


def test_the_entry_point_answers_a_request_in_json() -> None:
    serial = (PROGRAMS / "straight_line.py").read_text()
    command = [sys.executable, "-m", "hermod.testing", str(PROGRAMS / "catalog.yaml")]
    request = json.dumps({"program": serial, "seed": 3})
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    done = subprocess.run(
        command, input=request, capture_output=True, text=True, check=True, env=environment
    )
    expected = run(serial, CATALOG, Plan(seed=3))
    answer = json.loads(done.stdout)
    assert answer["stdout"] == expected.stdout
    assert answer["makespan"] == expected.makespan
    assert [call["key"] for call in answer["calls"]] == [call.key for call in expected.calls]


def test_the_entry_point_says_how_to_use_it() -> None:
    command = [sys.executable, "-m", "hermod.testing"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2
    assert "CATALOG" in done.stderr
