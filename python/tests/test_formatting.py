"""What the paralleliser makes of formatted programs is formatted: `ruff format` changes nothing.

Where a line is too long is a matter of taste, of which the paralleliser knows nothing: here lines
may be as long as they like. Quotes stay what they were where a call comes out of an f-string.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hermod.testing.paralleliser import executable

TESTS = Path(__file__).resolve().parents[2] / "tests"
PLACES = ("programs", "corpus/*", "coverage/*")
#: Nobody works on `held_out`; `by_hand` is distributed already.
LEFT_OUT = ("held_out", "by_hand")
FOLDERS = sorted(
    {
        path.parent
        for place in PLACES
        for path in TESTS.glob(f"{place}/*.py")
        if path.parent.name not in LEFT_OUT
    }
)
OPTIONS = ["--isolated", "--line-length", "320", "--config", 'format.quote-style="preserve"']


def ruff(*arguments: str, folder: Path) -> str:
    """What `ruff format` says."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--no-cache",
        *OPTIONS,
        *arguments,
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def catalog_of(folder: Path) -> Path:
    own = folder / "catalog.yaml"
    return own if own.exists() else folder.parent / "catalog.yaml"


@pytest.fixture(scope="module")
def paralleliser() -> str:
    built = executable()
    if built is None:
        pytest.skip("needs cargo: it builds the paralleliser")
    return built


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(TESTS)))
def test_formatted_programs_stay_formatted(folder: Path, paralleliser: str, tmp_path: Path) -> None:
    programs = sorted(folder.glob("*.py"))
    for program in programs:
        (tmp_path / program.name).write_text(program.read_text())
    ruff(folder=tmp_path)
    texts = "".join(json.dumps((tmp_path / one.name).read_text()) + "\n" for one in programs)
    command = [paralleliser, str(catalog_of(folder))]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True)
    answers = map(json.loads, done.stdout.splitlines())
    for program, answer in zip(programs, answers, strict=True):
        if "source" in answer:
            (tmp_path / program.name).write_text(answer["source"])
    assert ruff("--diff", folder=tmp_path) == ""
