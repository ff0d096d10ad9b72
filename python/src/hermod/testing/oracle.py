"""`python -m hermod.testing.oracle FOLDER…`: writes down what programs take, and would at best.

For every program below FOLDER, under five draws of latencies; in `FOLDER/oracle.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hermod.testing.functions import Plan, load_catalog
from hermod.testing.ideal import ideal

#: Plans of these seeds, without failures.
DRAWS = range(5)
FILE = "oracle.json"
#: Programs of these folders have numbers elsewhere, or are answers and not questions.
APART = {"by_hand", "held_out"}

Numbers = dict[str, list[float]]


def numbers(program: Path) -> Numbers:
    """Serial and ideal time of one program, in virtual seconds, a pair for each draw."""
    catalog = load_catalog(program.parent / "catalog.yaml")
    found = [ideal(program.read_text(), catalog, Plan(seed=seed)) for seed in DRAWS]
    return {
        "serial": [round(one.serial, 6) for one in found],
        "ideal": [round(one.ideal, 6) for one in found],
    }


def programs(folder: Path) -> dict[str, Path]:
    """By their path from the folder."""
    found = ((path.relative_to(folder), path) for path in sorted(folder.rglob("*.py")))
    return {str(name): path for name, path in found if not APART & {*name.parts}}


def main(folders: list[str]) -> None:
    """Writes the files."""
    for folder in map(Path, folders):
        oracle = {name: numbers(path) for name, path in programs(folder).items()}
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in oracle.items())
        (folder / FILE).write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
