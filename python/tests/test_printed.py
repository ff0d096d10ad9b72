"""What a call prints is its own: whole lines, bounded, of every call of a batch."""

from __future__ import annotations

from hermod.worker.leases import CallRef
from hermod.worker.printed import MOST, Printed, executing

ONE, TWO = CallRef(1, 0), CallRef(1, 1)


def sent(pieces: list[str], calls: tuple[CallRef, ...]) -> list[tuple[CallRef, str]]:
    """What is sent when code that runs for `calls` prints `pieces` and ends."""
    lines: list[tuple[CallRef, str]] = []
    printed = Printed()
    printed.send_to(lambda call, text: lines.append((call, text)))
    token = executing.set(calls)
    try:
        for piece in pieces:
            printed.take(piece)
        printed.finish(calls)
    finally:
        executing.reset(token)
    return lines


def test_lines_are_sent_when_they_are_whole() -> None:
    assert sent(["one", "\n", "two\nthr", "ee"], (ONE,)) == [
        (ONE, "one\n"),
        (ONE, "two\n"),
        (ONE, "three\n"),
    ]


def test_a_batch_prints_for_each_of_its_calls() -> None:
    assert sent(["both\n"], (ONE, TWO)) == [(ONE, "both\n"), (TWO, "both\n")]


def test_outside_a_call_nothing_is_sent() -> None:
    assert sent(["loading\n"], ()) == []


def test_one_call_cannot_flood() -> None:
    lines = sent(["x" * 1000 + "\n"] * 100, (ONE,))
    assert MOST < sum(len(text) for _, text in lines) < MOST + 100
    assert lines[-1][1].endswith("the rest is in the worker's log\n")
