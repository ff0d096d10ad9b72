"""An image that knows where it came from, and otherwise behaves as Pillow's.

Operations of the closed set give another such image, without decoding where the outcome is certain.
Its pixels are shared and read-only as long as it is tracked: whatever writes into it goes through
Pillow's own copy-on-write (`_ensure_mutable`), and gets pixels without a history (E6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image

from hermod.images.arguments import convert_operation, resize_operation, rotate_operation
from hermod.images.operations import Handle, Operation, check_version
from hermod.images.original import Original
from hermod.images.pixels import Pixels
from hermod.images.probe import Probe
from hermod.images.version import Version

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile
    from PIL.ImagePalette import ImagePalette


def open_tracked(source: bytes | BinaryIO, blob: str, name: str = "") -> TrackedImage:
    """What `Image.open` gives for a file whose digest is `blob`. `name` is for messages."""
    data = source if isinstance(source, bytes) else source.read()
    return TrackedImage(Version.of(Original(data, blob, name)), as_file=True)


def from_handle(original: Original, handle: Handle) -> TrackedImage:
    """The image that `handle` names, `original` holding its blob; not decoded yet."""
    check_version(handle["version"])
    operations = [tuple(operation) for operation in handle["operations"]]
    draft = operations.pop(0) if operations and operations[0][:1] == ("draft",) else None
    version = Version.of(original, draft)
    for operation in operations:
        version = version.derive(operation)
    return TrackedImage(version, as_file=not operations)


def handle_of(image: Image.Image) -> Handle | None:
    """The image's handle by lineage, or `None` if its pixels have to travel (`to_blob`)."""
    if not isinstance(image, TrackedImage):
        return None
    version = image.lineage()
    return None if version is None else version.handle()


class TrackedImage(Image.Image):
    """See the module; made by [`open_tracked`], [`from_handle`] and its own operations."""

    _version: Version | None = None
    _file: ImageFile | None = None  # shared: for what only the file's format knows
    _frames: ImageFile | None = None  # its own, once it was asked for another frame
    _loaded = False  # Pillow would have decoded the file by now
    _info: dict[Any, Any] | None = None
    _info_given: dict[Any, Any] | None = None  # as it was when it was handed out
    _palette: ImagePalette | None = None
    _palette_given: tuple[str, bytes] | None = None
    _palette_known = False

    def __init__(self, version: Version, *, as_file: bool = False) -> None:
        super().__init__()
        self._info = None
        self._palette_known = False
        self._version = version
        self._mode = version.mode
        self._size = version.size
        if as_file:
            self._file = version.original.header()
            self.format = self._file.format
            self.format_description = self._file.format_description
            self.filename = version.original.name or version.original.blob

    def lineage(self) -> Version | None:
        """The version this is, unless it was changed; info and palette count as the image."""
        described_otherwise = self._info is not None and self._info != self._info_given
        repainted = self._palette is not None and _state(self._palette) != self._palette_given
        if self._version is not None and (described_otherwise or repainted):
            self._copy()
        return self._version

    # What Pillow's own code sees.

    @property  # type: ignore[misc]
    def __class__(self) -> type[Image.Image]:  # type: ignore[override]
        """What `Image.open` or Pillow's methods would have made (`==` and `repr` look at it)."""
        return Image.Image if self._file is None else type(self._file)

    def __getattr__(self, name: str) -> Any:
        # What only the file's format has: n_frames, text, quantization, tag_v2…
        if self._file is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._file, name)

    @property
    def im(self) -> Any:
        """The pixels; shared as long as the image is tracked."""
        self._materialise()
        return super().im

    @im.setter
    def im(self, im: Any) -> None:
        self._settle_description()
        self._version = None
        self._im = im

    @property
    def readonly(self) -> int:
        """True as long as the pixels are shared, so that Pillow copies them before it writes."""
        return 1 if self._version is not None else super().readonly

    @readonly.setter
    def readonly(self, readonly: int) -> None:
        self._readonly = readonly

    @property
    def info(self) -> dict[Any, Any]:
        """As Pillow's."""
        if self._info is None:
            self._info = {} if self._version is None else self._version.info()
            self._info_given = self._info.copy()
        return self._info

    @info.setter
    def info(self, info: dict[Any, Any]) -> None:
        self._info = info

    @property
    def palette(self) -> ImagePalette | None:
        """As Pillow's."""
        if not self._palette_known:
            palette = None if self._version is None else self._version.described().palette
            self.palette = None if palette is None else palette.copy()
            self._palette_given = None if palette is None else _state(palette)
        return self._palette

    @palette.setter
    def palette(self, palette: ImagePalette | None) -> None:
        self._palette = palette
        self._palette_known = True

    def _settle_description(self) -> None:
        """Info and palette become the image's own, before its version is forgotten."""
        if self._version is not None:
            _ = self.info, self.palette

    def _materialise(self) -> None:
        if self._im is None and self._version is not None:
            pixels = self._version.pixels()
            self._im = pixels.im
            if self._info is not None:
                # A decoder may find more texts behind the pixels.
                assert self._info_given is not None
                found = {k: v for k, v in pixels.info.items() if k not in self._info_given}
                self._info.update(found)
                self._info_given.update(found)
        self._loaded = True

    def load(self) -> Any:
        """As Pillow's; writing through what it returns makes a new version."""
        self._materialise()
        if self.lineage() is None:
            return super().load()
        return Pixels(self)

    def getim(self) -> Any:
        """As Pillow's. Whoever has the pointer may write, so this makes a new version."""
        self._own()
        return super().getim()

    def _copy(self) -> None:
        # Pillow's own asks `load` first, which asks for the lineage.
        self._materialise()
        self.im = super().im.copy()
        self.readonly = 0

    def _own(self) -> None:
        if self._version is not None:
            self._copy()

    # Operations of the closed set.

    def _derived(self, operation: Operation | None, method: str, *arguments: Any) -> Image.Image:
        """By lineage if the arguments can be written down, else as Pillow does it."""
        version = self.lineage()
        assert version is not None
        self._loaded = True
        if operation is None:
            plain: Image.Image = getattr(version.pixels().copy(), method)(*arguments)
            return plain
        return TrackedImage(version.derive(operation))

    def copy(self) -> Image.Image:
        """As Pillow's; shares the pixels until one of the two is changed."""
        version = self.lineage()
        if version is None:
            return super().copy()
        self._loaded = True
        return TrackedImage(version)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Image.Image:
        return self.copy()

    def crop(self, box: tuple[float, float, float, float] | None = None) -> Image.Image:
        """As Pillow's; nothing is decoded."""
        if self.lineage() is None:
            return super().crop(box)
        if box is None or box == (0, 0, *self.size):
            return self.copy()
        if box[2] < box[0]:
            raise ValueError("Coordinate 'right' is less than 'left'")
        if box[3] < box[1]:
            raise ValueError("Coordinate 'lower' is less than 'upper'")
        left, top, right, bottom = map(int, map(round, box))
        Image._decompression_bomb_check((abs(right - left), abs(bottom - top)))
        if (left, top, right, bottom) == (0, 0, *self.size):
            return self.copy()
        return self._derived(("crop", left, top, right, bottom), "crop", box)

    def resize(
        self,
        size: Any,
        resample: int | None = None,
        box: tuple[float, float, float, float] | None = None,
        reducing_gap: float | None = None,
    ) -> Image.Image:
        """As Pillow's."""
        if self.lineage() is None:
            return super().resize(size, resample, box, reducing_gap)
        operation = resize_operation(size, resample, box, reducing_gap)
        whole = box is None or tuple(box) == (0, 0, *self.size)
        if whole and operation is not None and operation[1:3] == self.size:
            return self.copy()
        return self._derived(operation, "resize", size, resample, box, reducing_gap)

    def convert(
        self,
        mode: str | None = None,
        matrix: Any = None,
        dither: Any = None,
        palette: Any = Image.Palette.WEB,
        colors: int = 256,
    ) -> Image.Image:
        """As Pillow's."""
        if self.lineage() is None:
            return super().convert(mode, matrix, dither, palette, colors)
        if mode == self.mode and not matrix:
            return self.copy()
        operation = convert_operation(mode, matrix, dither, palette, colors)
        return self._derived(operation, "convert", mode, matrix, dither, palette, colors)

    def transpose(self, method: Any) -> Image.Image:
        """As Pillow's."""
        if self.lineage() is None:
            return super().transpose(method)
        known = isinstance(method, int) and method in range(7)
        operation = ("transpose", int(method)) if known else None
        return self._derived(operation, "transpose", method)

    def rotate(
        self,
        angle: float,
        resample: Any = Image.Resampling.NEAREST,
        expand: int | bool = False,
        center: tuple[float, float] | None = None,
        translate: tuple[int, int] | None = None,
        fillcolor: Any = None,
    ) -> Image.Image:
        """As Pillow's."""
        version = self.lineage()
        if version is None:
            return super().rotate(angle, resample, expand, center, translate, fillcolor)
        arguments = (angle, resample, expand, center, translate, fillcolor)
        operation = rotate_operation(*arguments)
        if operation is None:
            return self._derived(None, "rotate", *arguments)
        match Probe(self).ask("rotate", *arguments):
            case [("transform", size)]:
                self._loaded = True
                return TrackedImage(version.later(operation, self.mode, size))
            case [("transpose", method)]:
                return self.transpose(method)
        return self.copy()

    def draft(self, mode: str | None, size: Any) -> Any:
        """As Pillow's: only before anything was done with the image."""
        version = self.lineage()
        if version is None or self._file is None or self._loaded or version.operations:
            return None
        operation = ("draft", mode, *(map(int, size) if size else (None, None)))
        answer = version.original.open().draft(mode, size)
        if answer is not None:
            self._become(Version.of(version.original, operation))
        return answer

    def thumbnail(
        self, size: Any, resample: Any = Image.Resampling.BICUBIC, reducing_gap: float | None = 2.0
    ) -> None:
        """As Pillow's; in place, yet with a history: a draft, if the file can, and a resize."""
        version = self.lineage()
        if version is None:
            super().thumbnail(size, resample, reducing_gap)
            return
        for _, final, *rest in Probe(self).ask("thumbnail", size, resample, reducing_gap):
            small = self.resize(final, *rest)
            assert isinstance(small, TrackedImage), "Pillow computes sizes that can be written down"
            version = small.lineage()
            assert version is not None, "it is new"
            self._become(version)

    def _become(self, version: Version) -> None:
        self._version = version
        self._im = None
        self._mode = version.mode
        self._size = version.size

    # What writes without asking `_ensure_mutable`.

    def frombytes(self, *arguments: Any, **named: Any) -> None:
        """As Pillow's; a new version."""
        self._own()
        super().frombytes(*arguments, **named)

    def putpalette(self, *arguments: Any, **named: Any) -> None:
        """As Pillow's; a new version."""
        self._own()
        super().putpalette(*arguments, **named)

    def apply_transparency(self) -> None:
        """As Pillow's; a new version if there is any."""
        if self.mode == "P" and "transparency" in self.info:
            self._own()
        super().apply_transparency()

    # Files with more than one frame, and what else only files have.

    def seek(self, frame: int) -> None:
        """As Pillow's; another frame than the first is a version without a history."""
        if frame == self.tell():
            return
        if self._frames is None:
            if self._version is None or self._file is None:
                super().seek(frame)
                return
            self._frames = self._version.original.open()
        self._frames.seek(frame)
        self._frames.load()
        self.im = self._frames.im.copy()
        self._mode, self._size = self._frames.mode, self._frames.size
        self.info = self._frames.info.copy()
        self.palette = self._frames.palette and self._frames.palette.copy()

    def tell(self) -> int:
        """As Pillow's."""
        return 0 if self._frames is None else self._frames.tell()

    def verify(self) -> None:
        """As Pillow's."""
        if self._file is not None and self._version is not None:
            self._version.original.open().verify()

    def getexif(self) -> Image.Exif:
        """As Pillow's."""
        return super().getexif() if self._file is None else self._file.getexif()

    def close(self) -> None:
        """As Pillow's."""
        self._settle_description()
        self._version = None
        super().close()


def _state(palette: ImagePalette) -> tuple[str, bytes]:
    return palette.mode, bytes(palette.palette)
