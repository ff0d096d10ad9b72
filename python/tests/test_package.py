"""The package as a whole: what importing costs, and that versions are said once."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from PIL import __version__ as pillow_version

import hermod
from fake_gateway import SOURCES

PYPROJECT = tomllib.loads((SOURCES.parent / "pyproject.toml").read_text(encoding="utf-8"))


def test_importing_hermod_imports_nothing_heavy() -> None:
    program = (
        "import sys, hermod; "
        "print([name for name in ('pydantic', 'msgpack', 'PIL', 'asyncio') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    output = subprocess.check_output(command, env={"PYTHONPATH": str(SOURCES)}, text=True)
    assert output == "[]\n"


def test_every_name_is_there() -> None:
    for name in hermod.__all__:
        assert getattr(hermod, name) is not None
    assert dir(hermod) == sorted(hermod.__all__)
    assert not hasattr(hermod, "no_such_name")


def test_modules_do_not_hide_functions_of_their_name() -> None:
    program = (
        "import hermod.function, hermod.call, hermod.context; "
        "print(*(type(f).__name__ for f in (hermod.function, hermod.call, hermod.context)))"
    )
    command = [sys.executable, "-c", program]
    output = subprocess.check_output(command, env={"PYTHONPATH": str(SOURCES)}, text=True)
    assert output == "function function function\n"


def test_versions_agree() -> None:
    assert PYPROJECT["project"]["version"] == hermod.__version__
    (pin,) = [pin for pin in PYPROJECT["project"]["dependencies"] if pin.startswith("Pillow")]
    assert pin == f"Pillow=={pillow_version.rsplit('.', 1)[0]}.*"


def test_it_says_that_it_is_typed() -> None:
    assert (Path(hermod.__path__[0]) / "py.typed").exists()
