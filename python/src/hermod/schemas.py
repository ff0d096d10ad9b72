"""JSON Schemas and conversions of a declared function, from its types by pydantic.

The schemas are those of the paper's Figure 4: `Parameters` and `Result` as pydantic models, images
as binary strings with a `"python type"`.
"""

from __future__ import annotations

import typing
import warnings
from types import NoneType, UnionType
from typing import Any, Union

from PIL import Image
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter, create_model
from pydantic.errors import (
    PydanticSchemaGenerationError,
    PydanticUndefinedAnnotation,
    PydanticUserError,
)
from pydantic_core import CoreSchema, core_schema

from hermod.function import Declaration, Failure

JsonSchema = dict[str, Any]


class SchemaError(TypeError):
    """A type that has no schema; the message names function, parameter and type."""


class Schemas:
    """Of one function: what its calls take and give, an item each for a batch form."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        hints = _hints(declaration)
        result = hints.pop("return", NoneType)
        if declaration.batched:
            hints = {name: _item(declaration, name, hint) for name, hint in hints.items()}
            result = _without_failure(_item(declaration, "the result", result))
        self.hints: dict[str, Any] = hints
        self.result_hint = result

    def adapters(self) -> dict[str, TypeAdapter[Any]]:
        """What builds each parameter's Python object from a value."""
        return {name: self._adapter(name, hint) for name, hint in self.hints.items()}

    def _adapter(self, name: str, hint: Any) -> TypeAdapter[Any]:
        try:
            return TypeAdapter(hint)
        except _SCHEMA_ERRORS as error:
            raise self._no_schema(name, hint) from error
        except PydanticUserError as error:  # a TypedDict of `typing` before Python 3.12
            raise SchemaError(f"{self.declaration.name}: {name}: {error.message}") from error

    def parameters(self) -> JsonSchema:
        """The schema `Parameters`."""
        fields: dict[str, Any] = {}
        for parameter in self.declaration.parameters():
            self._adapter(parameter.name, self.hints[parameter.name])  # to name the culprit
            required = parameter.default is parameter.empty
            default = ... if required else parameter.default
            fields[parameter.name] = (self.hints[parameter.name], default)
        return _model("Parameters", fields).model_json_schema()

    def result(self) -> JsonSchema:
        """The schema `Result`, with the one property `result` that programs get unwrapped."""
        self._adapter("the result", self.result_hint)
        model = _model("Result", {"result": (self.result_hint, ...)})
        return model.model_json_schema(mode="serialization")

    def _no_schema(self, name: str, hint: Any) -> SchemaError:
        return SchemaError(
            f"{self.declaration.name}: {name} has the type {_shown(hint)}, which has no schema; "
            "use JSON's types, images, bytes, pydantic models, dataclasses or TypedDicts"
        )


_SCHEMA_ERRORS = (PydanticSchemaGenerationError, PydanticUndefinedAnnotation)


def _model(name: str, fields: dict[str, Any]) -> type[BaseModel]:
    with warnings.catch_warnings():
        # Parameters may be called `copy` or `json`, as a BaseModel's methods are.
        warnings.filterwarnings("ignore", message=".*shadows an attribute in parent")
        config = ConfigDict(protected_namespaces=())
        model: type[BaseModel] = create_model(name, __config__=config, **fields)
    return model


def _hints(declaration: Declaration) -> dict[str, Any]:
    try:
        return typing.get_type_hints(declaration.implementation, include_extras=True)
    except NameError as error:
        raise SchemaError(f"{declaration.name}: a type is not defined: {error}") from error


def _item(declaration: Declaration, name: str, hint: Any) -> Any:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is not list or len(arguments) != 1:
        raise SchemaError(
            f"{declaration.name}: {name} has the type {_shown(hint)}; in a batch form it is "
            "list[T], with one T for each call"
        )
    return arguments[0]


def _without_failure(hint: Any) -> Any:
    """`R` of `R | hermod.Failure`."""
    if typing.get_origin(hint) not in (Union, UnionType):
        return hint
    kept = tuple(part for part in typing.get_args(hint) if part is not Failure)
    return Union[kept]  # noqa: UP007 (of a tuple)


def _shown(hint: Any) -> str:
    return hint.__qualname__ if isinstance(hint, type) else str(hint)


# Pydantic asks a type for its schema. Pillow's has none, and is met anywhere: in parameters, in
# lists, in fields of an author's models. So it is given one, in processes that need schemas.


def _image_core_schema(_source: Any, _handler: Any) -> CoreSchema:
    return core_schema.is_instance_schema(Image.Image)


def _image_json_schema(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
    return {"type": "string", "format": "binary", "python type": "PIL.Image.Image"}


Image.Image.__get_pydantic_core_schema__ = staticmethod(_image_core_schema)  # type: ignore[attr-defined]
Image.Image.__get_pydantic_json_schema__ = staticmethod(_image_json_schema)  # type: ignore[attr-defined]
