"""The pack as its workers have it, with tiny models of random weights."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hermod.source import load
from PIL import Image

import tiny

PACK = Path(__file__).parent.parent / "vision"
sys.path.append(str(PACK))
context_module = importlib.import_module("hermod.context")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `DICE_MODELS`."""
    folder = tmp_path_factory.mktemp("models")
    tiny.make(folder)
    return folder


@pytest.fixture
def pictures() -> list[Image.Image]:
    """Of different sizes and modes."""
    return [
        Image.radial_gradient("L").resize((90, 60)).convert("RGB"),
        Image.linear_gradient("L").resize((40, 70)),
        Image.new("RGB", (200, 30), (200, 10, 10)),
    ]


@pytest.fixture
def function(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Makes a function of the pack, loaded for a CPU."""
    monkeypatch.setenv("DICE_MODELS", str(models))
    context = context_module.Context(None, 1, "here/1", "cpu", 1, 4 << 30)
    token = context_module._current.set(context)

    def make(name: str) -> Any:
        functions = load(PACK / f"{name}.py").functions
        return next(one for one in functions if one.name == name).target()

    yield make
    context_module._current.reset(token)
