"""Schemas of every kind of type, and what the worker makes of arguments and results."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NotRequired, Optional

import numpy as np
import pytest
from PIL import Image
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

import hermod
from hermod.function import declared_in
from hermod.schemas import Schemas
from hermod.worker.marshal import ArgumentsError, Marshal, encoded_result
from pictures import picture


class Box(BaseModel):
    x: int
    label: str = Field(default="car", serialization_alias="name")


@dataclass
class Size:
    width: int
    patch: Image.Image


class Answer(TypedDict):
    answer: str
    note: NotRequired[str]


class Shade(enum.Enum):
    DARK = "dark"


IMAGE = {"format": "binary", "python type": "PIL.Image.Image", "type": "string"}


def schemas_of(target: Callable[..., Any], **given: Any) -> Schemas:
    hermod.function(effect="pure", **given)(target)
    return Schemas(declared_in(target.__module__)[-1])


def test_parameters_of_every_kind() -> None:
    def every(
        text: str,
        number: float,
        choice: Literal["a", "b"],
        maybe: Optional[int],  # noqa: UP045
        pairs: list[tuple[int, int]],
        table: dict[str, Image.Image],
        size: Size,
        data: bytes,
        copy: int = 3,
        images: list[Image.Image] | None = None,
    ) -> None: ...

    schema = schemas_of(every).parameters()
    properties = schema["properties"]
    assert schema["required"] == [
        "text", "number", "choice", "maybe", "pairs", "table", "size", "data",
    ]  # fmt: skip
    assert properties["number"] == {"title": "Number", "type": "number"}
    assert properties["choice"] == {"enum": ["a", "b"], "title": "Choice", "type": "string"}
    assert properties["maybe"] == {
        "anyOf": [{"type": "integer"}, {"type": "null"}],
        "title": "Maybe",
    }
    assert properties["pairs"]["items"]["prefixItems"] == [{"type": "integer"}] * 2
    assert properties["table"]["additionalProperties"] == IMAGE
    assert properties["data"] == {"format": "binary", "title": "Data", "type": "string"}
    assert properties["copy"] == {"default": 3, "title": "Copy", "type": "integer"}
    assert properties["images"]["anyOf"][0] == {"items": IMAGE, "type": "array"}
    assert schema["$defs"]["Size"]["properties"]["patch"] == {**IMAGE, "title": "Patch"}


def test_results_of_every_kind() -> None:
    def typed() -> Answer:
        return {"answer": ""}

    def modelled() -> Box:
        return Box(x=1)

    def nothing() -> None: ...

    def result(target: Callable[..., Any]) -> Any:
        return schemas_of(target).result()

    assert result(typed)["$defs"]["Answer"]["required"] == ["answer"]
    assert set(result(modelled)["$defs"]["Box"]["properties"]) == {"x", "name"}
    assert result(nothing)["properties"] == {"result": {"title": "Result", "type": "null"}}


def test_a_batch_form_is_about_lists() -> None:
    def squares(n: list[int]) -> list[int | hermod.Failure]:
        return [*n]

    def single(n: int) -> list[int]:
        return [n]

    schemas = schemas_of(squares, batched=True)
    assert schemas.parameters()["properties"]["n"] == {"title": "N", "type": "integer"}
    assert schemas.result()["properties"]["result"] == {"title": "Result", "type": "integer"}
    with pytest.raises(TypeError, match=r"single: n has the type int; in a batch form it is list"):
        schemas_of(single, batched=True)


def test_arguments_are_built_and_refused() -> None:
    def build(box: Box, when: date, shade: Shade, pair: tuple[int, int], n: int = 1) -> int:
        return n

    marshal = Marshal(schemas_of(build))
    packed = {"box": {"x": 1}, "when": "2026-11-24", "shade": "dark", "pair": [1, 2]}
    assert marshal.arguments(packed, {}) == {
        "box": Box(x=1),
        "when": date(2026, 11, 24),
        "shade": Shade.DARK,
        "pair": (1, 2),
    }
    with pytest.raises(ArgumentsError, match=r"^box\.x: Input should be a valid integer"):
        marshal.arguments({**packed, "box": {"x": "one"}}, {})


@pytest.mark.parametrize(
    ("result", "value"),
    [
        (Box(x=1), {"x": 1, "name": "car"}),
        ([Box(x=2, label="bus")], [{"x": 2, "name": "bus"}]),
        ({"shade": Shade.DARK, "when": date(2026, 1, 2)}, {"shade": "dark", "when": "2026-01-02"}),
        ((np.float32(0.5), np.int64(3), np.bool_(True), np.array(2)), [0.5, 3, True, 2]),
        (np.float64(0.1), 0.1),
    ],
)
def test_results_become_values(result: Any, value: Any) -> None:
    assert encoded_result(result) == (value, {})


def test_images_inside_results_are_found() -> None:
    value, blobs = encoded_result(Size(1, picture("L")))
    ((digest, _),) = blobs.items()
    assert value == {
        "width": 1,
        "patch": {"$image": {"blob": digest, "operations": [], "version": 1}},
    }
