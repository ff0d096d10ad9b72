"""What is proved of two programs from their texts alone. Shares no code with `crates/parallelize`.

Asked by `crates/verify`: see `hermod.testing.driver`.
"""

from __future__ import annotations

from hermod.testing.verify.proof.obligations import prove

__all__ = ["prove"]
