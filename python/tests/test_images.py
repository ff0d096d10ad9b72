"""Tracked images behave as Pillow's, and know where they came from (V2, E6)."""

from __future__ import annotations

import copy
import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps, ImageSequence, JpegImagePlugin

from hermod import images
from hermod.images import TrackedImage, handle_of, open_tracked
from pictures import file_of, picture, same, transparent_palette

BLOB = "sha256:" + "ab" * 32
PHOTO = file_of(picture("RGB", 400, 300), "JPEG")


def opened(data: bytes = PHOTO) -> tuple[TrackedImage, Image.Image]:
    return open_tracked(data, BLOB, "photo.jpg"), Image.open(io.BytesIO(data))


def operations(image: Image.Image) -> list[list[Any]] | None:
    handle = handle_of(image)
    return None if handle is None else handle["operations"]


def is_decoded(image: TrackedImage) -> bool:
    return not image._version.original.header().tile if image._version else True


def test_what_was_opened_looks_like_pillows() -> None:
    tracked, plain = opened()
    assert handle_of(tracked) == {"blob": BLOB, "operations": [], "version": 1}
    as_anything: Any = tracked
    assert isinstance(as_anything, JpegImagePlugin.JpegImageFile)
    assert repr(tracked).split(" at ")[0] == repr(plain).split(" at ")[0]
    names = ("format", "format_description", "mode", "size", "width", "info", "readonly")
    assert [getattr(tracked, name) for name in names[:-1]] == [
        getattr(plain, name) for name in names[:-1]
    ]
    assert as_anything.quantization == getattr(plain, "quantization")  # noqa: B009
    assert not hasattr(tracked, "no_such_thing")
    assert tracked == plain
    assert plain == tracked
    assert tracked.copy() == plain.copy()


def test_crops_of_crops_decode_nothing() -> None:
    tracked, plain = opened()
    box, inner = (10.4, 20.5, 200, 221.5), (-5, 3, 50, 60)
    crop = tracked.crop(box).crop(inner)
    assert isinstance(crop, TrackedImage)
    assert crop.size == (55, 57)
    assert operations(crop) == [["crop", 10, 20, 200, 222], ["crop", -5, 3, 50, 60]]
    assert not is_decoded(crop)
    assert same(crop, plain.crop(box).crop(inner))
    assert is_decoded(crop)


def test_a_crop_inside_a_crop_is_one_crop() -> None:
    tracked, plain = opened()
    crop = tracked.crop((10, 20, 500, 200)).crop((5, 5, 490, 50))
    assert operations(crop) == [["crop", 15, 25, 500, 70]]
    assert same(crop, plain.crop((10, 20, 500, 200)).crop((5, 5, 490, 50)))
    assert operations(tracked.crop((0.2, 0, 400, 300))) == []
    assert operations(tracked.crop()) == []


@pytest.mark.parametrize(
    "attempt",
    [
        lambda image: image.crop((10, 0, 5, 20)),
        lambda image: image.crop((0, 10, 20, 5)),
        lambda image: image.crop((0, 0, float("nan"), 5)),
        lambda image: image.crop((0, 0, float("inf"), 5)),
        lambda image: image.crop((0, 0, 10**9, 10**9)),
        lambda image: image.crop((0, 0, 10**19, 1)),
        lambda image: image.crop((1, 2, 3)),
        lambda image: image.crop("box"),
        lambda image: image.resize((0, 5)),
        lambda image: image.resize((5.5, 5)),
        lambda image: image.resize(7),
        lambda image: image.resize((5, 5), 99),
        lambda image: image.resize((5, 5), box=(0, 0, 401, 5)),
        lambda image: image.resize((5, 5), box=(9, 9, 9, 9)),
        lambda image: image.resize((5, 5), box=("0", 0, 1, 5)),
        lambda image: image.resize((5, 5), reducing_gap=0.5),
        lambda image: image.convert("huh"),
        lambda image: image.convert("RGB", matrix=(1.0, 2.0)),
        lambda image: image.transpose(9),
        lambda image: image.transpose("x"),
        lambda image: image.rotate("90"),
        lambda image: image.rotate(30, resample=1),
        lambda image: image.rotate(30, fillcolor="no colour"),
        lambda image: image.rotate(30, center=(1, 2, 3)),
        lambda image: image.thumbnail((5, 5), 99),
        lambda image: image.seek(1),
    ],
)
def test_what_pillow_raises_is_raised_at_the_same_place(
    attempt: Callable[[Image.Image], Any],
) -> None:
    ends = []
    for image in opened():
        try:
            ends.append(attempt(image).size)
        except Exception as error:
            ends.append((type(error), str(error)))
    assert ends[0] == ends[1]


DERIVATIONS: list[Callable[[Image.Image], Image.Image]] = [
    lambda image: image.resize((33, 44)),
    lambda image: image.resize((400, 300)),
    lambda image: image.resize((33, 44), Image.Resampling.NEAREST, (1.5, 2, 30, 40.25)),
    lambda image: image.resize((11, 12), Image.Resampling.LANCZOS, reducing_gap=1.5),
    lambda image: image.convert("L"),
    lambda image: image.convert("1"),
    lambda image: image.convert("RGBA"),
    lambda image: image.convert("P", palette=Image.Palette.ADAPTIVE, colors=12),
    lambda image: image.convert("L", matrix=(0.5, 0.25, 0.25, 0)),
    lambda image: image.convert(),
    lambda image: image.transpose(Image.Transpose.ROTATE_90),
    lambda image: image.rotate(30),
    lambda image: image.rotate(-30.5, Image.Resampling.BICUBIC, expand=True),
    lambda image: image.rotate(90, expand=True),
    lambda image: image.rotate(180),
    lambda image: image.rotate(360),
    lambda image: image.rotate(45, center=(3, 4), translate=(5, 6)),
    lambda image: ImageOps.fit(image, (64, 64)),
    lambda image: ImageOps.contain(image, (64, 64)),
    ImageOps.mirror,
    ImageOps.exif_transpose,
    lambda image: copy.deepcopy(image.crop((1, 2, 30, 40))),
    copy.copy,
]


@pytest.mark.parametrize("derive", DERIVATIONS)
def test_the_set_of_operations_keeps_the_history(
    derive: Callable[[Image.Image], Image.Image],
) -> None:
    tracked, plain = opened()
    mine, pillows = derive(tracked), derive(plain)
    handle = handle_of(mine)
    assert handle is not None
    assert mine == pillows
    assert mine.info == pillows.info
    assert same(images.from_handle(images.Original(PHOTO, BLOB), handle), pillows)


OTHERS: list[Callable[[Image.Image], Image.Image]] = [
    lambda image: image.rotate(30, fillcolor="red"),
    lambda image: image.reduce(2),
    lambda image: image.quantize(8),
    lambda image: image.point(lambda sample: 255 - sample),
    lambda image: image.getchannel("G"),
    lambda image: image.split()[1],
    lambda image: Image.blend(image, image.crop((0, 0, 400, 300)), 0.5),
    lambda image: ImageOps.expand(image, 3),
    ImageChops.invert,
]


@pytest.mark.parametrize("derive", OTHERS)
def test_everything_else_has_pillows_pixels_and_no_history(
    derive: Callable[[Image.Image], Image.Image],
) -> None:
    tracked, plain = opened()
    mine = derive(tracked)
    assert mine == derive(plain)
    assert handle_of(mine) is None
    assert operations(tracked) == [], "the source is untouched"


def _write_pixels(image: Image.Image) -> None:
    pixels = image.load()
    assert pixels is not None
    before = pixels[3, 4]
    pixels[3, 4] = (9, 8, 7)
    assert pixels[3, 4] == (9, 8, 7) != before
    image.putpixel((5, 6), (1, 1, 1))
    assert pixels[5, 6] == (1, 1, 1), "sees later changes, as Pillow's does"


def _transform_in_place(image: Image.Image) -> None:
    srgb = ImageCms.createProfile("sRGB")
    ImageCms.profileToProfile(
        image, srgb, srgb, renderingIntent=ImageCms.Intent.PERCEPTUAL, inPlace=True
    )


CHANGES: list[Callable[[Image.Image], Any]] = [
    lambda image: image.paste((1, 2, 3), (5, 5, 50, 50)),
    lambda image: image.putpixel((1, 1), (255, 0, 255)),
    lambda image: image.putdata([(7, 7, 7)] * 100),
    lambda image: image.putalpha(128),
    lambda image: image.frombytes(bytes(image.width * image.height * 3)),
    lambda image: image.paste(image.crop((9, 9, 29, 29)), (2, 3)),
    lambda image: ImageDraw.Draw(image).rectangle((3, 3, 30, 30), fill="red"),
    lambda image: ImageDraw.floodfill(image, (0, 0), (1, 2, 3)),
    lambda image: image.info.update(comment="mine"),
    lambda image: image.info.clear(),
    _write_pixels,
    _transform_in_place,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_place_is_a_new_version_and_crops_keep_the_old_one(
    change: Callable[[Image.Image], Any],
) -> None:
    tracked, plain = opened()
    early, early_plain = tracked.crop((0, 0, 60, 60)), plain.crop((0, 0, 60, 60))
    decoded = tracked.crop((0, 0, 40, 40))
    decoded.load()
    twin = tracked.copy()
    change(tracked)
    change(plain)
    assert handle_of(tracked) is None
    assert tracked.info == plain.info
    assert tracked.mode == plain.mode
    assert tracked.tobytes() == plain.tobytes()
    late = tracked.crop((0, 0, 60, 60))
    assert handle_of(late) is None
    assert late == plain.crop((0, 0, 60, 60))
    assert operations(early) == [["crop", 0, 0, 60, 60]]
    assert same(early, early_plain)
    assert operations(decoded) is not None
    assert operations(twin) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.putpalette(bytes(range(256)) * 3),
        lambda image: image.apply_transparency(),
        lambda image: image.palette.getcolor((1, 2, 3), image) and image.load(),
        lambda image: image.info.pop("transparency"),
    ],
)
def test_palettes_are_part_of_the_image(change: Callable[[Image.Image], Any]) -> None:
    data = file_of(transparent_palette(bytes(range(256))), "PNG")
    tracked, plain = opened(data)
    early = tracked.crop((1, 1, 9, 9))
    change(tracked)
    change(plain)
    assert handle_of(tracked) is None
    assert same(tracked, plain)
    assert tracked.convert("RGBA") == plain.convert("RGBA")
    assert same(early, Image.open(io.BytesIO(data)).crop((1, 1, 9, 9)))


def test_reading_is_no_change() -> None:
    tracked, plain = opened()
    pixels = tracked.load()
    assert pixels[3, 4] == plain.getpixel((3, 4))
    _ = tracked.info["jfif"], tracked.getbbox(), tracked.histogram(), tracked.getexif()
    _ = tracked.palette, tracked.getpalette(), tracked.tobytes(), list(tracked.resize((2, 2)).im)
    tracked.save(io.BytesIO(), "PNG")
    assert operations(tracked) == []


@pytest.mark.parametrize("touch", [Image.Image.getbands, lambda image: image.load()])
@pytest.mark.parametrize("size", [(50, 60), (400, 300), (111.5, 7), (30, 900)])
def test_a_thumbnail_has_a_history_and_the_decoders_draft(
    size: tuple[float, float], touch: Callable[[Image.Image], Any]
) -> None:
    tracked, plain = opened()
    for image in (tracked, plain):
        touch(image)
        image.thumbnail(size)
        image.thumbnail((20, 20))
    handle = handle_of(tracked)
    assert handle is not None
    assert tracked == plain
    assert same(images.from_handle(images.Original(PHOTO, BLOB), handle), plain)


def test_a_draft_is_a_history_too() -> None:
    tracked, plain = opened()
    assert tracked.draft("L", (100, 100)) == plain.draft("L", (100, 100))
    assert operations(tracked) == [["draft", "L", 100, 100]]
    assert tracked.draft("RGB", (10, 10)) is plain.draft("RGB", (10, 10)) is None
    assert tracked == plain
    cropped = tracked.crop((5, 5, 20, 20))
    handle = handle_of(cropped)
    assert handle is not None
    assert same(images.from_handle(images.Original(PHOTO, BLOB), handle), cropped)


def test_other_frames_have_pillows_pixels_and_no_history() -> None:
    frames = [picture("L", seed=seed) for seed in range(3)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    tracked, plain = opened(stream.getvalue())
    assert tracked.n_frames == plain.n_frames == 3  # type: ignore[attr-defined]
    mine = [frame.convert("RGB") for frame in ImageSequence.Iterator(tracked)]
    pillows = [frame.convert("RGB") for frame in ImageSequence.Iterator(plain)]
    assert mine == pillows
    assert operations(mine[0]) is not None
    assert handle_of(mine[1]) is None
    assert tracked.tell() == 2


def test_exif_is_untouched_and_turning_by_it_loses_the_history() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    picture("RGB", 40, 30).save(stream, "JPEG", exif=exif)
    tracked, plain = opened(stream.getvalue())
    assert tracked.size == plain.size == (40, 30)
    assert dict(tracked.getexif()) == dict(plain.getexif()) == {0x0112: 6}
    assert dict(tracked.crop((0, 0, 9, 9)).getexif()) == {0x0112: 6}
    turned, expected = ImageOps.exif_transpose(tracked), ImageOps.exif_transpose(plain)
    assert turned == expected
    assert handle_of(turned) is None, "by history it would be turned twice"
    assert operations(tracked) == []


def test_texts_behind_the_pixels_come_with_decoding() -> None:
    data = file_of(picture("RGB"), "PNG")
    text = b"tEXtwhere\x00behind"
    chunk = len(text[4:]).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    end = data.index(b"IEND") - 4
    tracked, plain = opened(data[:end] + chunk + data[end:])
    assert tracked.info == plain.info == {}
    tracked.load()
    plain.load()
    assert tracked.info == plain.info == {"where": "behind"}
    assert operations(tracked) == []
    assert tracked.crop((1, 1, 5, 5)).info == plain.info


def test_broken_files_say_so() -> None:
    with pytest.raises(OSError, match=r"^cannot identify image file 'notes.txt'$"):
        open_tracked(b"no image at all", BLOB, "notes.txt")
    cut, _ = opened(PHOTO[: len(PHOTO) // 2])
    crop = cut.crop((0, 0, 5, 5))
    with pytest.raises(OSError, match=r"^'photo.jpg': image file is truncated"):
        crop.load()
    handle: images.Handle = {"blob": BLOB, "operations": [["melt", 3]], "version": 1}
    with pytest.raises(images.UnknownOperationError, match="'melt'"):
        images.from_handle(images.Original(PHOTO, BLOB), handle).load()


def test_a_closed_image_is_closed() -> None:
    with opened()[0] as tracked:
        crop = tracked.crop((1, 1, 5, 5))
    tracked.close()
    with pytest.raises(ValueError, match="Operation on closed image"):
        tracked.tobytes()
    assert crop.size == (4, 4)
    assert len(crop.tobytes()) == 48
