"""The pack behind a real gateway: workers of their own, images as handles, the same answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import TypeAdapter

from conftest import PACK

HERE = Path(__file__).parent
ARGUMENTS: dict[str, dict[str, Any]] = {
    "glip": {"object_name": "car"},
    "blip": {"question": "what is it?"},
    "xvlm": {"object_name": "car", "property": "damaged"},
    "caption": {},
    "ocr": {},
    "clip_rank": {"texts": ["a car", "a dog"]},
}


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose headers leave out what only a GPU needs, as the header of these tests does."""
    ours = (HERE.parent / "check_torch.py").read_text()
    settings = re.search(r"# \[tool\.uv\]\n.*?# \]\n", ours, re.DOTALL)
    assert settings is not None
    folder = tmp_path_factory.mktemp("packs") / "vision"
    shutil.copytree(PACK, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.glob("[a-z]*.py"):
        text = file.read_text()
        file.write_text(text.replace("\n# ///\n", f"\n#\n{settings[0]}# ///\n", 1))
    return folder


def test_programs_call_the_pack(
    function: Callable[[str], Any],
    pictures: list[Image.Image],
    models: Path,
    pack: Path,
    tmp_path: Path,
) -> None:
    """The same answers as without batches, but for low bits (RUNTIME C2)."""
    binary = os.environ.get("DICE_TEST_BINARY")
    if not binary:
        pytest.skip("DICE_TEST_BINARY names no dice")
    scene = pictures[0]
    scene.save(tmp_path / "scene.png")
    run = subprocess.run(
        [binary, "run", str(HERE / "program.py"), "--input", f"scene.png={tmp_path / 'scene.png'}",
         "--functions", str(pack), "--data", str(tmp_path / "data")],
        env={**os.environ, "DICE_MODELS": str(models)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answers = json.loads(run.stdout.splitlines()[0])
    crops = [scene.crop((0, 0, 60, 60)), scene.crop((30, 0, 90, 60))]
    for name, arguments in ARGUMENTS.items():
        columns = {parameter: [value] * 2 for parameter, value in arguments.items()}
        expected = function(name)(image=crops, **columns)
        plain = TypeAdapter(list[Any]).dump_python(expected)
        assert answers[name] == approximately(plain), name


def approximately(value: Any) -> Any:
    """Low bits depend on the batch (C2)."""
    match value:
        case float():
            return pytest.approx(value, abs=1e-5)
        case list():
            return [approximately(item) for item in value]
        case dict():
            return {key: approximately(item) for key, item in value.items()}
        case _:
            return value
