"""`python -m hermod describe FILE` and `python -m hermod worker FILE:NAME`."""

from __future__ import annotations

import json
import os
import sys

USAGE = """usage: python -m hermod describe FILE
       python -m hermod worker FILE:NAME   (needs HERMOD_URL and HERMOD_WORKER_TOKEN)"""


def main(arguments: list[str]) -> int:
    """The exit code: 0 ok, 1 the file cannot be used, 2 bad usage."""
    match arguments:
        case ["describe", file]:
            return describe(file)
        case ["worker", place] if ":" in place:
            from hermod.worker.run import run  # noqa: PLC0415

            file, name = place.rsplit(":", 1)
            return run(file, name)
    print(USAGE, file=sys.stderr)
    return 2


def describe(file: str) -> int:
    """Prints the description, and nothing else, to stdout: what an import prints goes to stderr."""
    from hermod.describe import describe_file  # noqa: PLC0415
    from hermod.schemas import SchemaError  # noqa: PLC0415
    from hermod.source import SourceError, load  # noqa: PLC0415

    stdout = os.dup(1)
    os.dup2(2, 1)
    try:
        description = describe_file(load(file))
    except (SourceError, SchemaError) as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.flush()
    with os.fdopen(stdout, "w", encoding="utf-8") as out:
        json.dump(description, out, ensure_ascii=False)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
