"""How a worker process ends, and how long it goes on without a gateway."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

EXIT_STOPPED = 0
EXIT_REFUSED = 3
"""The gateway does not want this worker."""
EXIT_DEADLINE = 4
"""A batch's deadline passed while the gateway was gone (RUNTIME P3)."""
EXIT_ALONE = 5
"""No gateway for too long."""
EXIT_BROKEN = 70
"""A mistake in this package."""

ALONE_S = 10.0
"""Without a gateway for so long, a worker starts nothing (RUNTIME P3), and ends if there is nothing
that only it has: the gateway has given it up long before…"""
KEEPING_ALONE_S = 600.0
"""…or after so long, if it keeps results that nobody else has (J1)."""


def leave(code: int, why: str) -> NoReturn:
    """Ends the process at once, whatever its threads are doing."""
    print(f"worker {os.getpid()} ends: {why}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(code)
