"""The clocks that a program in the sandbox sees are Python's, but for what is written down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent.parent / "src"

SET_UP = """
import json, sys
from hermod.sandbox.clock import Clock
reported = []
Clock(1, json.loads(sys.argv[1]), reported.append).install()
import asyncio, datetime, random, time, uuid
result = eval(sys.argv[2])
print(json.dumps([result, [name for name, _ in reported]]))
"""


def check(expression: str, result: Any, reported: list[str], observed: list[Any] = []) -> None:  # noqa: B006
    """Evaluates it where the clock is installed: installing it here would last."""
    ran = subprocess.run(
        [sys.executable, "-c", SET_UP, json.dumps(observed), expression],
        env={"PYTHONPATH": str(SOURCES), "TZ": "UTC"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [result, reported]


@pytest.mark.parametrize(
    ("expression", "result", "reported"),
    [
        ("datetime.datetime(2026, 1, 2).isoformat()", "2026-01-02T00:00:00", []),
        ("repr(datetime.datetime(2026, 1, 2))", "datetime.datetime(2026, 1, 2, 0, 0)", []),
        ("repr(datetime.date(2026, 1, 2))", "datetime.date(2026, 1, 2)", []),
        ("isinstance(datetime.datetime.now(), datetime.datetime)", True, ["time.time"]),
        ("isinstance(datetime.datetime.now(), datetime.date)", True, ["time.time"]),
        ("isinstance(datetime.date(2026, 1, 2), datetime.datetime)", False, []),
        ("issubclass(datetime.datetime, datetime.date)", True, []),
        ("type(datetime.datetime(2026, 1, 2)) == datetime.datetime", True, []),
        ("datetime.datetime.strptime('2026', '%Y').year", 2026, []),
        ("datetime.datetime.fromisoformat('2026-01-02').day", 2, []),
        ("(datetime.datetime(2026, 1, 2) - datetime.datetime(2026, 1, 1)).days", 1, []),
        ("type('Mine', (datetime.date,), {})(2026, 1, 2).__class__.__name__", "Mine", []),
        ("time.gmtime(0).tm_year", 1970, []),
        ("time.strftime('%Y', time.gmtime(0))", "1970", []),
        ("time.time_ns() > 0 and time.monotonic() > 0", True, ["time.time_ns", "time.monotonic"]),
        ("asyncio.run(asyncio.sleep(0.001))", None, []),
        ("[random.random() == random.Random(1).random(), uuid.uuid4().version]", [True, 4], []),
    ],
)
def test_clock(expression: str, result: Any, reported: list[str]) -> None:
    check(expression, result, reported)


def test_each_clock_repeats_its_own_readings_and_then_goes_on() -> None:
    observed = [["time.time", 5.0], ["time.monotonic", 1.0], ["time.time", 6.0]]
    expression = "[time.monotonic(), time.time(), time.time(), time.time() > 7]"
    check(expression, [1.0, 5.0, 6.0, True], ["time.time"], observed)


def test_dates_repeat_too() -> None:
    observed = [["time.time", 0.0]] * 3
    expression = (
        "[datetime.datetime.now(datetime.UTC).year, datetime.datetime.utcnow().year, time.ctime()]"
    )
    check(expression, [1970, 1970, "Thu Jan  1 00:00:00 1970"], [], observed)
