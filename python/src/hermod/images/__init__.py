"""Images by content address and recorded operations (RUNTIME V2).

An image that came from known bytes travels as a handle: the digest of those bytes and what was done
to them since. Everything else travels as its pixels, losslessly, under their own digest.
"""

from hermod.images.encoding import plain_handle, to_blob
from hermod.images.operations import Handle, UnknownOperationError, apply
from hermod.images.original import Original
from hermod.images.tracked import TrackedImage, from_handle, handle_of, open_tracked

__all__ = [
    "Handle",
    "Original",
    "TrackedImage",
    "UnknownOperationError",
    "apply",
    "from_handle",
    "handle_of",
    "open_tracked",
    "plain_handle",
    "to_blob",
]
