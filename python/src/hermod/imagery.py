"""Images of one program on their way out and in: handles, and the bytes that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hermod.images import Handle, Original


class Imagery:
    """What this program knows of blobs. Imports Pillow only once there is an image."""

    def __init__(self) -> None:
        self._originals: dict[str, Original | None] = {}
        self._stored: set[str] = set()

    def opened(self, blob: str) -> None:
        """This blob is stored on the other side: a task's input."""
        self._stored.add(blob)

    def handle(self, image: Any) -> tuple[Handle, bytes | None]:
        """The handle of an image, and its blob if that has to be uploaded first (V2)."""
        from hermod import images  # noqa: PLC0415

        handle = images.handle_of(image)
        if handle is not None and (handle["blob"] in self._stored):
            return handle, None
        blob, data = images.to_blob(image)
        if blob in self._stored:
            return images.plain_handle(blob), None
        self._stored.add(blob)
        return images.plain_handle(blob), data

    def missing(self, tree: Any) -> str | None:
        """A blob that `image` would need and that is not here; `None`: nothing is missing."""
        if isinstance(tree, dict):
            if "$image" in tree:
                needed: str = tree["$image"]["blob"]
                return None if needed in self._originals else needed
            tree = tree.values()
        elif not isinstance(tree, list):
            return None
        return next((blob for item in tree if (blob := self.missing(item)) is not None), None)

    def know(self, blob: str, data: bytes | None) -> None:
        """These are the bytes; `None`: they cannot be had."""
        from hermod.images import Original  # noqa: PLC0415

        self._originals[blob] = None if data is None else Original(data, blob)
        self._stored.add(blob)

    def image(self, handle: Handle) -> Any:
        """The image that a result names."""
        from hermod.images import from_handle  # noqa: PLC0415

        original = self._originals[handle["blob"]]
        if original is None:
            raise LookupError(
                f"the image {handle['blob'][:19]}… of a result is not stored any more"
            )
        return from_handle(original, handle)
