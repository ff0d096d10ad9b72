"""The programs of `tests/coverage`: what their first comments promise, and what became of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hermod.testing.functions import load_catalog
from hermod.testing.paralleliser import executable

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/coverage"
CATALOG = load_catalog(FOLDER / "catalog.yaml")
HERE = "# <- here"
#: What an expected makespan may use besides `t`, the latencies of serial's calls in their order.
WORDS = {"max": max, "min": min, "sum": sum, "len": len, "range": range}

#: As the issue names them, in its order.
ROWS = (
    "straight_line", "branches", "for_loops", "nested_loops", "while_loops", "comprehensions",
    "accumulators", "leaving_loops", "exceptions", "with_blocks", "helpers", "classes",
    "binding_forms", "module_level", "already_parallel", "aliases_and_images",
    "output_between_calls", "chains_and_branches",
)  # fmt: skip
BROAD = frozenset({"leaving_loops", "exceptions", "helpers", "classes"})


@dataclass(frozen=True)
class Program:
    """One program, and what is promised of it."""

    name: str
    text: str
    #: The makespan it must reach, as an expression over `t`.
    expected: str
    must: bool
    #: Of what must stay: rule and words of the diagnostic, for one of the lines marked `HERE`.
    kept: tuple[tuple[str, str], ...]
    lines: frozenset[int]

    @property
    def row(self) -> str:
        return self.name.split("/")[0]

    def ideal(self, latencies: Sequence[float]) -> float:
        """The expected makespan under these latencies."""
        return float(eval(self.expected, {"__builtins__": {}, **WORDS, "t": list(latencies)}))


def _read(path: Path) -> Program:
    text = path.read_text()
    lines = text.splitlines()
    promises = [line[2:].partition(": ")[::2] for line in lines if line.startswith("# ")]
    must = [value for key, value in promises if key == "must"]
    takes = [value for key, value in promises if key == "takes"]
    keeps = [value.partition(" ")[::2] for key, value in promises if key == "keeps"]
    assert len(must) + bool(keeps) == 1, f"{path}: one `must`, or `keeps`"
    marked = frozenset(number for number, line in enumerate(lines, 1) if line.endswith(HERE))
    assert bool(keeps) == bool(marked), f"{path}: `{HERE}` says of which line `keeps` is"
    expected = [*must, *takes, "sum(t)"][0]
    name = f"{path.parent.name}/{path.stem}"
    return Program(name, text, expected, bool(must), tuple(keeps), marked)


PROGRAMS = {
    program.name: program
    for row in ROWS
    for program in map(_read, sorted((FOLDER / row).glob("*.py")))
}


#: Corners of Python in which a rewriting goes wrong easily: nothing is expected but agreement.
ODD = {path.stem: path.read_text() for path in sorted((FOLDER / "odd_corners").glob("*.py"))}


def not_yet() -> dict[str, str]:
    """Name to reason; the reason `WRONG: …` is of a program that is transformed wrongly."""
    lines = (FOLDER / "not_yet.txt").read_text().splitlines()
    listed = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return {name: reason or "does not reach its ideal" for name, _, reason in listed}


@cache
def distributed() -> dict[str, dict[str, Any]]:
    """What the paralleliser makes of each program: `source`, `changed`, `decisions`."""
    texts = [program.text for program in PROGRAMS.values()]
    return dict(zip(PROGRAMS, parallelize(texts), strict=True))


@cache
def odd() -> dict[str, dict[str, Any]]:
    """What the paralleliser makes of the odd corners."""
    return dict(zip(ODD, parallelize(ODD.values()), strict=True))


@cache
def again() -> dict[str, str]:
    """What the paralleliser makes of what it made."""
    texts = [made["source"] for made in distributed().values()]
    return {name: made["source"] for name, made in zip(PROGRAMS, parallelize(texts), strict=True)}


def parallelize(texts: Iterable[str]) -> list[dict[str, Any]]:
    """All of them, through one process."""
    done = subprocess.run(
        [_executable(), str(FOLDER / "catalog.yaml")],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def _executable() -> str:
    built = executable()
    if built is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    return built
