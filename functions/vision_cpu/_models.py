"""Where models lie: the folder that `DICE_MODELS` names, else the cache that `setup.py` fills."""

from __future__ import annotations

import os
from pathlib import Path

COCOSSD = "cocossd.onnx"


def cache_folder() -> Path:
    """Of all of dice: `DICE_CACHE`, else `$XDG_CACHE_HOME/dice`, else `~/.cache/dice`."""
    if named := os.environ.get("DICE_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "dice"


def own_copy(name: str) -> Path:
    """Where `setup.py` puts a model."""
    return cache_folder() / "models" / "vision_cpu" / name


def supplied_copy(name: str) -> Path | None:
    """The model in the folder that `DICE_MODELS` names, if it is there."""
    folder = os.environ.get("DICE_MODELS")
    if not folder:
        return None
    path = Path(folder) / name
    return path if path.is_file() else None


def find_model(name: str) -> Path:
    """A model's file; `FileNotFoundError` says how to get it."""
    path = supplied_copy(name) or own_copy(name)
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there: `uv run --script setup.py models`, in the pack's folder, "
            "fetches it"
        )
    return path
