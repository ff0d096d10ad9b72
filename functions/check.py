# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "hermod[dev]",
#     "numpy==2.2.6",
#     "onnxruntime==1.23.2",
#     "opencv-python-headless==4.11.0.86",
#     "rapidocr-onnxruntime==1.4.4",
# ]
#
# [tool.uv]
# override-dependencies = ["opencv-python; sys_platform == 'never'"]
#
# [tool.uv.sources]
# hermod = { path = "../python", editable = true }
# ///
"""Checks the packs: `uv run --script functions/check.py [test|lint] [pytest's arguments]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKS = ("vision_cpu", "simulated", "testing")


def test(arguments: list[str]) -> int:
    """Runs the tests; those that need the model or the photograph say so if they skip."""
    configured = [
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-c",
        os.devnull,
        f"--rootdir={HERE}",
    ]
    return _python("-m", "pytest", *configured, str(HERE / "tests"), *arguments)


def lint(_arguments: list[str]) -> int:
    """Style and types. Each pack alone: two packs may have files of one name."""
    codes = [
        _python("-m", "ruff", "check", "--no-cache", str(HERE)),
        _python("-m", "ruff", "format", "--no-cache", "--check", str(HERE)),
    ]
    for pack in PACKS:
        files = [str(file) for file in sorted((HERE / pack).glob("*.py"))]
        settings = [f"--config-file={HERE / 'mypy.ini'}", f"--cache-dir={os.devnull}"]
        codes.append(_python("-m", "mypy", *settings, *files, path=[HERE / pack]))
    return max(codes)


def _python(*arguments: str, path: list[Path] | None = None) -> int:
    places = os.pathsep.join(str(place) for place in path or [])
    environment = {**os.environ, "MYPYPATH": places, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    command, *rest = sys.argv[1:] or ["test"]
    sys.exit({"test": test, "lint": lint}[command](rest))
