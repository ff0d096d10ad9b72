"""Versions and limits that the wire fixes (docs/protocol.md). Imports nothing."""

VERSION = "0.1.0"

PROTOCOL = 1
"""A peer that says another one is refused."""

MAX_FRAME_BYTES = 8 << 20
"""Longest frame, without its length."""

BLOB_CHUNK_BYTES = 1 << 20
"""Longest piece of a blob in one frame."""

OPERATIONS_VERSION = 1
"""Of the set of image operations: what their names mean (RUNTIME V2)."""

MAX_DEPTH = 100
"""Deepest nesting of a value; JSON readers on the way stop at 128."""
