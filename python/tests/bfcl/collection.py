"""Fetches the collection, and reads its scenarios."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
VERSION = "2026.3.23"
DIGEST = "3bb6dfa5f0c68ad403c9ec50b00db2bb3b4cc9b38ab1ff33f48fe30d853d3a0a"
#: Their sources need nothing but the standard library. `MathAPI` needs mpmath, and is left out.
MODULES = {
    "GorillaFileSystem": "gorilla_file_system",
    "MessageAPI": "message_api",
    "TicketAPI": "ticket_api",
    "TradingBot": "trading_bot",
    "TravelAPI": "travel_booking",
    "TwitterAPI": "posting_api",
    "VehicleControlAPI": "vehicle_control",
}


@dataclass(frozen=True)
class Scenario:
    """What is asked in each turn, and the calls that answer it."""

    name: str
    asked: list[str]
    turns: list[list[ast.Call]]
    classes: list[str]
    start: dict[str, Any]


def fetch() -> Path | None:
    """Where the package lies; nothing where it cannot be had."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = caches / "dice" / f"bfcl-eval-{VERSION}-{DIGEST[:12]}"
    if target.is_dir():
        return target
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    requirement = fresh.with_name(f"{fresh.name}.txt")
    fresh.mkdir(parents=True)
    requirement.write_text(f"bfcl-eval=={VERSION} --hash=sha256:{DIGEST}\n")
    command = [*_installer(), "install", "--quiet", "--no-deps", "--require-hashes",
               "--target", str(fresh), "--requirement", str(requirement)]  # fmt: skip
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=120)
    requirement.unlink()
    if done.returncode == 0:
        fresh.replace(target)
        return target
    shutil.rmtree(fresh)
    return None


def _installer() -> list[str]:
    beside = ROOT / ".tools/bin/uv"
    uv = os.environ.get("DICE_UV") or shutil.which("uv") or (beside if beside.exists() else None)
    return [str(uv), "pip"] if uv else [sys.executable, "-m", "pip"]


def descriptions(package: Path) -> dict[str, list[dict[str, Any]]]:
    """What the collection says of the functions of each class."""
    folder = package / "bfcl_eval/data/multi_turn_func_doc"
    return {name: _lines(folder / f"{module}.json") for name, module in MODULES.items()}


def scenarios(package: Path) -> list[Scenario]:
    """All whose tools can be had."""
    data = package / "bfcl_eval/data"
    known = _lines(data / "possible_answer/BFCL_v4_multi_turn_base.json")
    answers = {one["id"]: one["ground_truth"] for one in known}
    return [
        Scenario(
            name=one["id"].removeprefix("multi_turn_base_"),
            asked=[turn[0]["content"] if turn else "" for turn in one["question"]],
            turns=[[_call(text) for text in turn] for turn in answers[one["id"]]],
            classes=one["involved_classes"],
            start=one["initial_config"],
        )
        for one in _lines(data / "BFCL_v4_multi_turn_base.json")
        if set(one["involved_classes"]) <= set(MODULES)
    ]


def _call(text: str) -> ast.Call:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
