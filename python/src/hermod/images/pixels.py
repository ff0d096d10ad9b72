"""What `load()` of a tracked image returns: reads are shared, the first write makes a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hermod.images.tracked import TrackedImage


class Pixels:
    """Stands for Pillow's `PixelAccess`, also for the image's later pixels."""

    __slots__ = ("_access", "_core", "_image")

    def __init__(self, image: TrackedImage) -> None:
        self._image = image
        self._core: Any = None
        self._access: Any = None

    def _current(self) -> Any:
        core = self._image.im
        if core is not self._core:
            self._core = core
            self._access = core.pixel_access(0)
        return self._access

    def __getitem__(self, place: Any) -> Any:
        return self._current()[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self._image._ensure_mutable()
        self._current()[place] = value
