"""`hermod describe`: the paper's Figure 4, digests, and errors that name file and line (C1)."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fake_gateway import SOURCES

FUNCTION_FILES = Path(__file__).parent / "function_files"

# As printed in the paper's Figure 4.
FIGURE_4_PARAMETERS = {
    "properties": {
        "image": {
            "format": "binary",
            "python type": "PIL.Image.Image",
            "title": "Image",
            "type": "string",
        },
        "object_name": {"title": "Object Name", "type": "string"},
    },
    "required": ["image", "object_name"],
    "title": "Parameters",
    "type": "object",
}
_INTEGERS = {
    name: {"title": name.title(), "type": "integer"} for name in ("x", "y", "width", "height")
}
FIGURE_4_RESULT = {
    "$defs": {
        "BoundingBox": {
            "properties": _INTEGERS,
            "required": ["x", "y", "width", "height"],
            "title": "BoundingBox",
            "type": "object",
        }
    },
    "properties": {
        "result": {
            "items": {"$ref": "#/$defs/BoundingBox"},
            "title": "Result",
            "type": "array",
        }
    },
    "required": ["result"],
    "title": "Result",
    "type": "object",
}


def run(file: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "FAIL_TO_LOAD": "1"}
    command = [sys.executable, "-m", "hermod", "describe", str(file)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def described(file: Path) -> dict[str, Any]:
    ended = run(file)
    assert ended.returncode == 0, ended.stderr
    description: dict[str, Any] = json.loads(ended.stdout)
    return description


@pytest.fixture(scope="module")
def glip() -> dict[str, Any]:
    return described(FUNCTION_FILES / "glip.py")


def test_the_schemas_are_figure_4s(glip: dict[str, Any]) -> None:
    (function,) = glip["functions"]
    assert function["name"] == "glip"
    assert function["documentation"] == (
        "Finds the locations of object_name in the image. Returns a list of bounding boxes."
    )
    assert function["parametersSchema"] == FIGURE_4_PARAMETERS
    assert function["resultSchema"] == FIGURE_4_RESULT


def test_everything_else_is_there_too(glip: dict[str, Any]) -> None:
    (function,) = glip["functions"]
    schemas = ("documentation", "parametersSchema", "resultSchema", "description_digest")
    assert {key: function[key] for key in function if key not in schemas} == {
        "name": "glip",
        "effect": "pure",
        "state": None,
        "idempotent": False,
        "gpu_memory_bytes": 2 << 30,
        "max_batch_size": 8,
        "concurrency": 1,
        "origin": "real",
        "batched": False,
        "numerics": None,
    }
    without = {key: value for key, value in function.items() if key != "description_digest"}
    text = json.dumps(without, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert function["description_digest"] == _digest(text.encode())
    assert glip["hermod"] == "0.1.0"
    assert glip["file_digest"] == _digest((FUNCTION_FILES / "glip.py").read_bytes())


def test_describing_makes_no_instances_and_keeps_stdout_clean() -> None:
    names = [function["name"] for function in described(FUNCTION_FILES / "sample.py")["functions"]]
    assert names[:3] == ["double", "adder", "batch"]


def test_a_batch_form_has_the_schema_of_one_item() -> None:
    functions = described(FUNCTION_FILES / "sample.py")["functions"]
    (batch,) = [function for function in functions if function["name"] == "batch"]
    assert batch["batched"] is True
    assert batch["parametersSchema"]["properties"] == {"n": {"title": "N", "type": "integer"}}
    assert batch["resultSchema"]["properties"] == {"result": {"title": "Result", "type": "integer"}}


def test_the_digest_is_of_all_files_that_a_pack_imports(tmp_path: Path) -> None:
    main, helper = tmp_path / "main.py", tmp_path / "helper.py"
    main.write_text("import helper\n")
    helper.write_text("ANSWER = 41\n")
    (tmp_path / "unused.py").write_text("raise AssertionError\n")
    lines = [f"{file.name} {_digest(file.read_bytes())}" for file in (helper, main)]
    assert described(main)["file_digest"] == _digest("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x = 1\nimport no_such_thing\n",
            (
                ":2: ModuleNotFoundError: No module named 'no_such_thing'\n"
                "    import no_such_thing\n"
                "Name the package of 'no_such_thing' under `dependencies`"
            ),
        ),
        ("\ndef f(:\n", ":2: SyntaxError: "),
        ("import sys\nsys.exit(3)\n", ":2: SystemExit: 3"),
        (
            "import hermod\n\n@hermod.function()\ndef f() -> int: ...\n",
            ":3: TypeError: hermod.function needs effect=",
        ),
    ],
)
def test_a_file_that_cannot_be_imported_says_where(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "broken.py"
    file.write_text(text)
    ended = run(file)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{file}{message}"), ended.stderr


def test_types_without_a_schema_are_named(tmp_path: Path) -> None:
    file = tmp_path / "typed.py"
    header = 'import hermod, threading\n@hermod.function(effect="pure")\n'
    for text, message in (
        ("def f(lock: threading.Thread) -> int: ...", "f: lock has the type Thread, which has no"),
        ("def f() -> threading.Thread: ...", "f: the result has the type Thread, which has no"),
        ('def f(n: "Nowhere") -> int: ...', "f: a type is not defined: name 'Nowhere'"),
    ):
        file.write_text(header + text)
        ended = run(file)
        assert (ended.returncode, ended.stderr.startswith(message)) == (1, True), ended.stderr


def test_usage() -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    ended = subprocess.run(
        [sys.executable, "-m", "hermod"], env=environment, capture_output=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"usage: python -m hermod describe FILE")


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_an_example_is_told_and_changes_nothing_that_must_agree(tmp_path: Path) -> None:
    text = "import hermod\n\n@hermod.function(effect='pure'{})\ndef shout(word: str) -> str: ...\n"
    told = []
    for number, more in enumerate(("", ", example={'word': 'car'}")):
        file = tmp_path / f"shout_{number}.py"
        file.write_text(text.format(more))
        described = run(file)
        assert described.returncode == 0, described.stderr
        told += json.loads(described.stdout)["functions"]
    plain, with_example = told
    assert with_example.pop("example") == {"word": "car"}
    assert with_example == plain
