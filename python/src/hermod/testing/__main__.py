"""`python -m hermod.testing CATALOG < request.json`: one JSON object in, one out.

In: `{"program": text, "seed": 0, "failing": [key, …], "latencies": {key: seconds}}`. Out: a report.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from hermod.testing.functions import Plan, load_catalog
from hermod.testing.run import run


def main() -> int:
    """Answers the request on stdin."""
    if len(sys.argv) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    request = json.load(sys.stdin)
    plan = Plan(
        seed=request.get("seed", 0),
        failing=frozenset(request.get("failing", ())),
        latencies=request.get("latencies", {}),
        empty_lists=request.get("empty_lists", False),
    )
    report = run(request["program"], load_catalog(Path(sys.argv[1])), plan)
    json.dump(asdict(report), sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
