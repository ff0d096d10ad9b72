"""Every construct is transformed where independence holds, and left in order where it does not.

`tests/coverage/ROW/*.py` say in their first comments what is expected of them; see its README.
What is not reached yet is listed in `not_yet.txt`, and must leave that list once it is reached.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from coverage_programs import (
    BROAD,
    CATALOG,
    ODD,
    PROGRAMS,
    ROWS,
    Program,
    again,
    distributed,
    not_yet,
    odd,
)
from hermod.testing import Plan, run
from hermod.testing.compare import differences, plans
from hermod.testing.ideal import ideal

SEEDS = range(5)
NOT_YET = not_yet()


class Table:
    """Per row: how many were transformed, reached their ideal, stayed with the right diagnostic."""

    def __init__(self) -> None:
        self.reached: dict[str, bool] = {}

    def lines(self) -> list[str]:
        rows: dict[str, list[Program]] = defaultdict(list)
        for name in self.reached:
            rows[PROGRAMS[name].row].append(PROGRAMS[name])
        head = f"{'row':22}{'transformed':>12}{'ideal':>9}{'kept':>9}"
        return [head, *(self._line(row, rows[row]) for row in ROWS if rows[row])]

    def _line(self, row: str, programs: list[Program]) -> str:
        must = [one.name for one in programs if one.must]
        stay = [one.name for one in programs if not one.must]
        transformed = sum(distributed()[name].get("changed", False) for name in must)
        reached, kept = (sum(map(self.reached.get, names)) for names in (must, stay))  # type: ignore[arg-type]
        return (
            f"{row:22}{transformed:>8}/{len(must):<3}"
            f"{reached:>5}/{len(must):<3}{kept:>5}/{len(stay):<3}"
        )

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.reached:
            terminalreporter.section("coverage of the paralleliser")
            terminalreporter.write_line("\n".join(self.lines()))


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Table:
    table = Table()
    request.config.pluginmanager.register(table)
    return table


def expected(names: Iterable[str], *, wrong: bool) -> list[Any]:
    """The programs, those not reached yet marked as such."""
    marked = []
    for name in names:
        reason = NOT_YET.get(name, "")
        listed = reason.startswith("WRONG") if wrong else bool(reason)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if listed else []
        marked.append(pytest.param(name, marks=marks))
    return marked


@pytest.mark.parametrize("name", expected(PROGRAMS, wrong=True))
def test_serial_and_distributed_agree(name: str) -> None:
    check_agreement(PROGRAMS[name].text, distributed()[name])


@pytest.mark.parametrize("name", expected(ODD, wrong=True))
def test_odd_corners_agree(name: str) -> None:
    check_agreement(ODD[name], odd()[name])


def check_agreement(serial: str, made: dict[str, Any]) -> None:
    """O1 to O3, E2, E3, under latencies and failures."""
    assert "error" not in made, made
    for plan in plans(serial, CATALOG, range(2), 24):
        found = differences(serial, made["source"], CATALOG, plan)
        assert not found, "\n".join([made["source"], *map(str, found)])


@pytest.mark.parametrize("name", expected(PROGRAMS, wrong=False))
def test_reaches_its_ideal_and_says_what_stays(name: str, table: Table) -> None:
    program, made = PROGRAMS[name], distributed()[name]
    table.reached[name] = False
    assert made["changed"] or not program.must or program.row == "already_parallel"
    for rule, words in program.kept:
        starts = tuple(
            f"line {line}: kept [{one}]: " for line in program.lines for one in rule.split("|")
        )
        said = [one for one in made["decisions"] if one.startswith(starts) and words in one]
        assert said, (f"{rule} … {words}", sorted(program.lines), made["decisions"])
    for seed in SEEDS:
        slow = run(program.text, CATALOG, Plan(seed=seed))
        fast = run(made["source"], CATALOG, Plan(seed=seed))
        best = program.ideal([call.latency for call in slow.calls])
        assert best - 1e-6 <= fast.makespan <= 1.05 * best, made["source"]
    table.reached[name] = True


@pytest.mark.parametrize("name", [name for name, one in PROGRAMS.items() if one.must])
def test_the_tracer_finds_what_was_worked_out_by_hand(name: str) -> None:
    program = PROGRAMS[name]
    for seed in SEEDS:
        traced = ideal(program.text, CATALOG, Plan(seed=seed))
        slow = run(program.text, CATALOG, Plan(seed=seed))
        by_hand = program.ideal([call.latency for call in slow.calls])
        assert traced.ideal == pytest.approx(by_hand)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_was_made_comes_back_byte_for_byte(name: str) -> None:
    """O4."""
    assert again()[name] == distributed()[name]["source"]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_programs_that_must_move_and_that_must_stay(row: str) -> None:
    programs = [program for program in PROGRAMS.values() if program.row == row]
    must = sum(program.must for program in programs)
    least = (6, 4) if row in BROAD else (3, 2)
    assert must >= least[0]
    assert len(programs) - must >= least[1]
    for program in programs:
        slow = [run(program.text, CATALOG, Plan(seed=seed)) for seed in SEEDS]
        best = [program.ideal([call.latency for call in one.calls]) for one in slow]
        assert all(one.end == ["normal"] for one in slow), program.name
        assert all(least <= one.makespan + 1e-6 for least, one in zip(best, slow, strict=True))
        gain = sum(best) / sum(one.makespan for one in slow)
        assert not program.must or gain < 0.95, program.name


def test_what_is_not_reached_yet_is_a_program() -> None:
    assert NOT_YET.keys() <= PROGRAMS.keys() | ODD.keys()
