"""The bytes of an image, decoded once, and only when somebody asks for pixels (V2)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from hermod.images.encoding import RAW_MAGIC, RawImageFile

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile


class Original:
    """An image file's bytes under their digest. Safe to share between threads."""

    def __init__(self, source: bytes, blob: str, name: str = "") -> None:
        self.source = source
        self.blob = blob
        self.name = name
        self._lock = RLock()
        self._files: dict[tuple[Any, ...] | None, ImageFile] = {}

    def open(self) -> ImageFile:
        """A new reader of the file, its header parsed, nothing decoded."""
        stream = io.BytesIO(self.source)
        if self.source.startswith(RAW_MAGIC):
            return RawImageFile(stream)
        try:
            return Image.open(stream)
        except UnidentifiedImageError:
            raise UnidentifiedImageError(f"cannot identify image file {self._called}") from None

    def header(self, draft: Sequence[Any] | None = None) -> ImageFile:
        """The shared reader, set up as `draft` (an operation) says; not to be modified."""
        key = None if draft is None else tuple(draft)
        with self._lock:
            if key not in self._files:
                file = self.open()
                if draft is not None:
                    _, mode, width, height = draft
                    file.draft(mode, None if width is None else (width, height))
                self._files[key] = file
            return self._files[key]

    def decoded(self, draft: Sequence[Any] | None = None) -> Image.Image:
        """The pixels; decoded at the first call. Not to be modified."""
        with self._lock:
            file = self.header(draft)
            try:
                file.load()
            except OSError as error:
                raise OSError(f"{self._called}: {error}") from error
            return file

    def memory_bytes(self) -> int:
        """What this holds or will hold once decoded, roughly."""
        with self._lock:
            decoded = sum(4 * file.width * file.height for file in self._files.values())
        return len(self.source) + decoded

    @property
    def _called(self) -> str:
        return repr(self.name) if self.name else f"{self.blob[:19]}…"
