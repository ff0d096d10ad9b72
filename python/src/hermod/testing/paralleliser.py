"""The paralleliser as a process: programs in, distributed programs out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]


class Paralleliser:
    """One process, for one catalog. `speculate`: a window or a budget (E3)."""

    def __init__(self, executable: str, catalog: Path, *speculate: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [executable, str(catalog), *speculate],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def distribute(self, program: str) -> dict[str, Any]:
        """`source`, `changed`, `decisions`; or `error`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(program) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the paralleliser died of\n{program}"
        made: dict[str, Any] = json.loads(answer)
        return made

    def close(self) -> None:
        """Lets it end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def executable() -> str | None:
    """Builds it, which takes no time if it is there. None without cargo. `DICE_TEST_PROFILE` names
    cargo's profile: the one that everything else is built with, so that nothing is built twice."""
    cargo = shutil.which("cargo")
    if cargo is None:
        return None
    profile = ["--profile", os.environ.get("DICE_TEST_PROFILE", "dev")]
    package = ["--package", "dice-parallelize", "--example", "stream"]
    command = [cargo, "build", "--quiet", "--locked", *profile, *package]
    built = subprocess.run(  # noqa: S603
        [*command, "--message-format=json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    found = [one["executable"] for one in messages if one.get("executable")]
    assert len(found) == 1
    return str(found[0])
