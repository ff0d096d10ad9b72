"""Made-up runs from the command line.

    python -m hermod.testing [run] CATALOG < request.json
    python -m hermod.testing ideal CATALOG < request.json
    python -m hermod.testing score DIR… [--json]

`run`: one JSON object in, one out. In: `{"program": text, "seed": 0, "failing": [key, …],
"latencies": {key: seconds}}`. Out: a report.

`ideal`: in, `{"program": text, "distributed": text or nothing, "seed": 0, "latencies": {…}}`.
Out: what `hermod.testing.ideal.comparison` describes.

`score`: the programs of a folder through the paralleliser, in a table.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hermod.testing import score
from hermod.testing.functions import Plan, load_catalog
from hermod.testing.ideal import compare
from hermod.testing.run import run


def main(arguments: list[str]) -> int:
    """Answers the request on stdin."""
    match arguments:
        case ["score", *folders]:
            return score.main(folders)
        case ["ideal", catalog]:
            return answer_ideal(Path(catalog))
        case ["run", catalog] | [catalog]:
            return answer_run(Path(catalog))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


def answer_run(catalog: Path) -> int:
    """One run."""
    request = json.load(sys.stdin)
    report = run(request["program"], load_catalog(catalog), plan_of(request))
    json.dump(asdict(report), sys.stdout, default=str)
    return 0


def answer_ideal(catalog: Path) -> int:
    """The ideal, beside what a distributed program achieves."""
    request = json.load(sys.stdin)
    program, distributed = request["program"], request.get("distributed")
    answer = compare(program, distributed, load_catalog(catalog), plan_of(request))
    json.dump(answer, sys.stdout, default=str)
    return 0


def plan_of(request: dict[str, Any]) -> Plan:
    """What is to happen."""
    return Plan(
        seed=request.get("seed", 0),
        failing=frozenset(request.get("failing", ())),
        latencies=request.get("latencies", {}),
        empty_lists=request.get("empty_lists", False),
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
