"""The ideal: how fast a program could be, were it held back by its true dependences alone.

A traced run of the serial program finds what each call needs; the longest path is the ideal.
It shares nothing with the paralleliser, whose results it judges (`docs/parallelize.md`)."""

from __future__ import annotations

from hermod.testing.ideal.build import CannotTrace
from hermod.testing.ideal.comparison import compare
from hermod.testing.ideal.measured import CallTrace, Ideal, ideal

__all__ = ["CallTrace", "CannotTrace", "Ideal", "compare", "ideal"]
