"""Packs are folders of files that import their neighbours: tests import them the same way."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from packs import PACKS, declared

sys.path += [str(PACKS / "vision_cpu"), str(PACKS / "simulated")]
context_module = importlib.import_module("hermod.context")


@pytest.fixture
def on_device() -> Iterator[Callable[..., None]]:
    """Sets what `hermod.context()` says."""
    tokens = []

    def enter(device_type: str = "cpu", threads: int = 1, **changes: Any) -> None:
        values = {
            "idempotency_key": None,
            "attempt": 1,
            "device": "here/1",
            "memory_bytes": 1 << 30,
            **changes,
        }
        context = context_module.Context(device_type=device_type, threads=threads, **values)
        tokens.append(context_module._current.set(context))

    yield enter
    for token in reversed(tokens):
        context_module._current.reset(token)


@pytest.fixture
def function(on_device: Callable[..., None]) -> Callable[[str, str], Any]:
    """A function of a pack, ready to be called as its author wrote it."""

    def make(pack: str, name: str) -> Any:
        on_device()
        target = declared(pack, name).target
        return target() if isinstance(target, type) else target

    return make


@pytest.fixture
def photo() -> Image.Image:
    """The demo's photograph, which `setup.py photo` fetches."""
    from _models import cache_folder

    path = cache_folder() / "photos" / "parked-cars.png"
    if not path.is_file():
        pytest.skip(f"{path} is not there: `setup.py photo` fetches it")
    return Image.open(path)


@pytest.fixture
def model() -> Path:
    """The detection model, which `setup.py models` fetches."""
    from _models import COCOSSD, find_model

    try:
        return find_model(COCOSSD)
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    if "HERMOD_TIME_SCALE" not in os.environ:
        monkeypatch.setenv("HERMOD_TIME_SCALE", "0")
