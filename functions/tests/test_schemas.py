"""What programs may rely on: the published form of glip, and the same schemas in both packs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hermod.describe import describe

from packs import declared

GLIP_PARAMETERS = """{"properties": {"image": {"format": "binary", "python type": "PIL.Image.Image",
"title": "Image", "type": "string"}, "object_name": {"title": "Object Name", "type": "string"}},
"required": ["image", "object_name"], "title": "Parameters", "type": "object"}"""
GLIP_RESULT = """{"$defs": {"BoundingBox": {"properties": {"x": {"title": "X", "type": "integer"},
"y": {"title": "Y", "type": "integer"}, "width": {"title": "Width", "type": "integer"},
"height": {"title": "Height", "type": "integer"}}, "required": ["x", "y", "width", "height"],
"title": "BoundingBox", "type": "object"}}, "properties": {"result": {"items":
{"$ref": "#/$defs/BoundingBox"}, "title": "Result", "type": "array"}}, "required": ["result"],
"title": "Result", "type": "object"}"""
GLIP_DOCUMENTATION = (
    "Finds the locations of object_name in the image. Returns a list of bounding boxes."
)


def described(pack: str, name: str) -> dict[str, Any]:
    return describe(declared(pack, name))


@pytest.mark.parametrize("pack", ["vision_cpu", "simulated"])
def test_glip_is_as_published(pack: str) -> None:
    glip = described(pack, "glip")
    assert glip["parametersSchema"] == json.loads(GLIP_PARAMETERS)
    assert glip["resultSchema"] == json.loads(GLIP_RESULT)
    assert glip["documentation"].startswith(GLIP_DOCUMENTATION)


@pytest.mark.parametrize("name", ["glip", "blip", "xvlm"])
def test_both_packs_have_the_same_schemas(name: str) -> None:
    real, simulated = described("vision_cpu", name), described("simulated", name)
    for part in ("parametersSchema", "resultSchema", "effect"):
        assert real[part] == simulated[part]
    assert (real["origin"], simulated["origin"]) == ("real", "simulated")
    assert simulated["batched"]
