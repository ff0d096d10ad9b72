"""Is a distributed program as good as the serial one? Runs both; the smallest counterexample.

Asked by `crates/verify`, inside the sandbox: see `hermod.testing.driver`.
"""

from __future__ import annotations

from hermod.testing.verify.verdict import verify

__all__ = ["verify"]
