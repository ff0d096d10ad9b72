"""Runs a program in virtual time against made-up functions, and reports what can be observed of it.

For differential tests: outcomes and latencies hang on what is called (SEMANTICS E4), never on when.
"""

from __future__ import annotations

from hermod.testing.functions import Call, Functions, Plan
from hermod.testing.run import Report, run

__all__ = ["Call", "Functions", "Plan", "Report", "run"]
