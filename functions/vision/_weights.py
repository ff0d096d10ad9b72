"""Where weights are: by name on the model hub, or by path on this machine."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

DEFAULTS = {
    "glip": "IDEA-Research/grounding-dino-tiny",
    "blip": "Salesforce/blip-vqa-base",
    "xvlm": "Salesforce/blip-itm-base-coco",
    "caption": "Salesforce/blip-image-captioning-base",
    "clip_rank": "openai/clip-vit-base-patch32",
    "ocr": "microsoft/trocr-base-printed",
}


def weights(function: str) -> str:
    """What `from_pretrained` is given: the line of `$DICE_MODELS/vision.toml`, else the default.

    A line is `glip = "NAME"` or `glip = "PATH"`; a path that is not absolute begins at the file.
    """
    named = _named_by_user().get(function, DEFAULTS[function])
    folder = os.environ.get("DICE_MODELS")
    if folder and (Path(folder) / named).is_dir():
        return str(Path(folder) / named)
    return named


def _named_by_user() -> dict[str, str]:
    folder = os.environ.get("DICE_MODELS")
    file = Path(folder) / "vision.toml" if folder else None
    if file is None or not file.is_file():
        return {}
    with file.open("rb") as opened:
        named = tomllib.load(opened)
    if unknown := named.keys() - DEFAULTS.keys():
        known = ", ".join(DEFAULTS)
        raise ValueError(f"{file}: {', '.join(sorted(unknown))}: weights are of {known}")
    return named
