"""The examiner of random programs: what takes too much, dies, is cut down, is slow."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hermod.testing import compare, many
from hermod.testing.causes import cause, histogram
from hermod.testing.functions import Plan, load_catalog
from hermod.testing.limits import TooLong, limited_time
from hermod.testing.many import Examined, Examiner, first_difference
from hermod.testing.run import run
from hermod.testing.smallest import smallest
from hermod.testing.workers import examine_all

CATALOG_FILE = Path(__file__).resolve().parents[2] / "tests/programs/catalog.yaml"
ENDLESS = "while True:\n    pass\n"
CANCELLED = """\
import asyncio


async def main():
    raise asyncio.CancelledError


asyncio.run(main())
"""


class Stub:
    """Makes always the same of a program."""

    def __init__(self, distributed: str) -> None:
        self.distributed = distributed

    def distribute(self, program: str) -> dict[str, Any]:
        return {"source": self.distributed, "changed": True, "decisions": []}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "limited_time", partial(limited_time, 0.1))


def examined(monkeypatch: pytest.MonkeyPatch, serial: str, distributed: str) -> Examined:
    monkeypatch.setattr(many, "generate", lambda _seed: serial)
    examiner = Examiner.__new__(Examiner)
    examiner.catalog, examiner.paralleliser = {}, Stub(distributed)  # type: ignore[assignment]
    return examiner.examine(1)


@pytest.mark.usefixtures("hurried")
def test_a_program_that_takes_too_long_by_itself_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert examined(monkeypatch, ENDLESS, ENDLESS).skipped == "TooLong"


@pytest.mark.usefixtures("hurried")
def test_a_program_that_takes_too_long_only_distributed_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = examined(monkeypatch, "print(1)\n", ENDLESS)
    assert "takes more than it may" in found.problem
    assert not found.skipped


def test_time_is_up_even_if_a_task_keeps_it_to_itself() -> None:
    def keeps_it() -> None:
        with limited_time(0.01), contextlib.suppress(TooLong):
            while True:
                pass

    with pytest.raises(TooLong):
        keeps_it()


def test_a_program_may_end_cancelled() -> None:
    assert run(CANCELLED, {}, Plan()).end[:2] == ["raised", "CancelledError"]
    assert first_difference(CANCELLED, "print(1)\n", {}, 1)


JOINED = """\
import asyncio

import hermod


async def ask():
    return await hermod.call("ocr", image="a")


async def main():
    async with hermod.ahead() as early:
        early.start(ask())
        await asyncio.sleep(0.5)
    for _ in range(STEPS):
        await asyncio.sleep(0)
    print(await ask())


asyncio.run(main())
"""


@pytest.mark.parametrize("steps", range(6))
def test_nobody_joins_a_call_that_was_withdrawn(steps: int) -> None:
    """Found at seed 37838: whoever came in the step between was cancelled with it."""
    program = JOINED.replace("STEPS", str(steps))
    assert run(program, load_catalog(CATALOG_FILE), Plan()).end == ["normal"]


def test_a_process_that_dies_loses_nothing_but_its_program(tmp_path: Path) -> None:
    """The paralleliser takes it along at each program; the serial program alone does not."""
    deadly = tmp_path / "deadly"
    deadly.write_text("#!/bin/sh\nread line\nkill -9 $PPID\n")
    deadly.chmod(0o755)
    found = list(examine_all(str(deadly), CATALOG_FILE, first=3, count=2, processes=1))
    assert sorted(one.seed for one in found) == [3, 4]
    assert all("but not of the serial program" in one.problem for one in found)


def test_an_error_in_one_program_is_a_finding(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexit 0\n")
    silent.chmod(0o755)
    found = list(examine_all(str(silent), CATALOG_FILE, first=0, count=3, processes=1))
    assert [one.seed for one in found] == [0, 1, 2]
    assert all("Error" in one.problem for one in found)


def test_programs_are_cut_down_to_what_shows() -> None:
    program = """\
def helper(x):
    if x:
        for _ in range(3):
            print("here")
    return x


print(helper(1))
print(2)
"""
    small = smallest(program, lambda text: '"here"' in text)
    assert small.strip() == 'print("here")'


def test_the_cause_is_the_diagnostic_nearest_to_the_late_call() -> None:
    decisions = ["line 3: kept [E2]: `save` writes", "line 9: kept [A3]: prints (help)"]
    assert cause("line 4: ask starts at 2.00 instead of 1.00", decisions) == "[E2]: `…` writes"
    assert cause("line 10: ask starts at 2.00", decisions) == "[A3]: prints"
    assert cause("line 90: ask starts at 2.00", decisions).startswith("started")
    slow = Examined(5, ideal=1.0, achieved=2.0, late="line 9: x", decisions=tuple(decisions))
    assert "1  [A3]: prints  (seeds 5)" in histogram([slow, Examined(6, ideal=1.0, achieved=1.0)])
