"""The functions that tests of other parts rely on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packs import declared


def target(file: str, name: str) -> Any:
    return declared("testing", file, name).target


def test_counters_count_each_call(tmp_path: Path) -> None:
    count_up, read = target("counter", "count_up"), target("counter", "read_counter")
    assert read(folder=str(tmp_path), counter="a").value == 0
    assert [count_up(folder=str(tmp_path), counter="a").value for _ in range(3)] == [1, 2, 3]
    assert read(folder=str(tmp_path), counter="a").value == 3
    assert read(folder=str(tmp_path), counter="b").value == 0


def test_an_idempotent_count_happens_once_per_key(
    tmp_path: Path, on_device: Callable[..., None]
) -> None:
    count_up_once = target("counter", "count_up_once")
    values = []
    for key in ("one", "one", "two", "one"):
        on_device(idempotency_key=key, attempt=2)
        values.append(count_up_once(folder=str(tmp_path), counter="a").value)
    assert values == [1, 1, 2, 1]


def test_plain_functions_do_as_they_are_told() -> None:
    value = {"a": [1, None, "text"]}
    assert target("plain", "echo")(value=value) == value
    assert asyncio.run(target("plain", "sleep")(seconds=0, value=3)) == 3
    with pytest.raises(ValueError, match="as told"):
        target("plain", "raise_error")(message="as told")


def test_a_crash_comes_as_often_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashes: list[int] = []

    def die(code: int) -> None:
        crashes.append(code)
        raise SystemExit(code)

    monkeypatch.setattr("os._exit", die)
    crash = target("plain", "crash")
    for _ in range(2):
        with pytest.raises(SystemExit):
            crash(folder=str(tmp_path), times=2)
    assert crash(folder=str(tmp_path), times=2, value="alive") == "alive"
    assert crashes == [9, 9]


def test_each_execution_is_written_down(tmp_path: Path, on_device: Callable[..., None]) -> None:
    on_device(idempotency_key="key", attempt=2)
    given = {"folder": str(tmp_path), "label": "1.2", "seconds": 0.0}
    for name in ("traced_write", "traced_pay"):
        assert target("traced", name)(**given) == "1.2"
    for name in ("traced_pure", "traced_read"):
        assert asyncio.run(target("traced", name)(**given)) == "1.2"
    traces = {file.name: file.read_text() for file in tmp_path.iterdir()}
    mine = os.getpid()
    assert traces.pop(".ended") == f"1.2 {mine}\n" * 2, "of the two writes"
    assert traces == dict.fromkeys(("pay", "pure", "read", "write"), f"1.2 2 key {mine}\n")
