"""What a function file offers, as the JSON that catalog entries are made of (RUNTIME C1)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hermod.constants import VERSION
from hermod.function import Declaration
from hermod.schemas import Schemas
from hermod.source import Source


def describe_file(source: Source) -> dict[str, Any]:
    """The whole file's description."""
    return {
        "hermod": VERSION,
        "file_digest": source.digest,
        "functions": [describe(declaration) for declaration in source.functions],
    }


def describe(declaration: Declaration) -> dict[str, Any]:
    """One function's description, with its digest."""
    schemas = Schemas(declaration)
    description: dict[str, Any] = {
        "name": declaration.name,
        "documentation": declaration.documentation,
        "parametersSchema": schemas.parameters(),
        "resultSchema": schemas.result(),
        "effect": declaration.effect,
        "state": declaration.state,
        "idempotent": declaration.idempotent,
        "gpu_memory_bytes": declaration.gpu_memory_bytes,
        "max_batch_size": declaration.max_batch_size,
        "concurrency": declaration.concurrency,
        "origin": declaration.origin,
        "batched": declaration.batched,
        "numerics": declaration.numerics,
    }
    described = {**description, "description_digest": digest(description)}
    # Of no concern to whoever calls the function, so no part of what must agree.
    return {**described, "example": dict(declaration.example)} if declaration.example else described


def digest(description: dict[str, Any]) -> str:
    """SHA-256 of the description as compact JSON with sorted keys, without its own digest."""
    content = {
        key: value
        for key, value in description.items()
        if key not in {"description_digest", "example"}
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
