"""Finds the packs' functions for tests."""

from __future__ import annotations

from pathlib import Path

from hermod.function import Declaration
from hermod.source import load

PACKS = Path(__file__).parent.parent


def declared(pack: str, file: str, name: str | None = None) -> Declaration:
    """What a file declares. Files of one name share a module's name: the newest counts."""
    functions = load(PACKS / pack / f"{file}.py").functions
    return [function for function in functions if function.name == (name or file)][-1]
