# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6"]
# ///
"""Properties of the object in a picture on a CPU: a rule for colours, honest otherwise."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _colour import colour_of, colour_word


class Verdict(BaseModel):
    """The verdict; a note where there is something to say about it."""

    result: bool | str
    note: str | None = None


_OTHER = "only colours can be verified here"


@hermod.function(
    effect="pure",
    gpu_memory="96Mi",  # resident: 59 MiB
    example={"object_name": "car", "property": "red"},
)
def xvlm(image: Image.Image, object_name: str, property: str) -> Verdict:  # noqa: A002, ARG001
    """Verifies whether the object in the image has the property, if that is a colour.

    Returns result: true or false if the property is a colour (black, gray, white, red, orange,
    yellow, green, blue, purple, brown or a common word for one of them), by the colour that is
    nearest in CIE Lab to most pixels in the middle of the image; that colour's name if the property
    is "color". For any other property, such as damaged or overturned, result is "unknown" and note
    says why. object_name is not looked at: the image must show the object in its middle.
    """
    if property.strip().lower() in {"color", "colour"}:
        return Verdict(result=colour_of(image))
    asked = colour_word(property)
    if asked is None:
        return Verdict(result="unknown", note=_OTHER)
    return Verdict(result=asked == colour_of(image))
