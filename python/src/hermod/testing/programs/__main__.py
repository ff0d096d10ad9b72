"""Random programs as files.

python -m hermod.testing.programs FIRST COUNT FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from hermod.testing.programs.module import generate


def main(arguments: list[str]) -> int:
    """Writes `SEED.py` for each seed."""
    if len(arguments) != 3:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    first, count, folder = int(arguments[0]), int(arguments[1]), Path(arguments[2])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        (folder / f"{seed}.py").write_text(generate(seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
