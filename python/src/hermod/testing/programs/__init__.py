"""Random serial programs: seeded, bounded, and mean where rewriting programs goes wrong."""

from __future__ import annotations

from hermod.testing.programs.module import OBJECTS_FROM, generate

__all__ = ["OBJECTS_FROM", "generate"]
