"""A function file: importing it, what it declares, and the digests that stand for it."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from hermod.function import Declaration, declared_in


class SourceError(Exception):
    """The file cannot be used; the message names file, line and what is wrong."""


@dataclass(frozen=True)
class Source:
    """An imported function file."""

    path: Path
    module: ModuleType
    digest: str
    """The functions' version: of the file, or of all Python files of its folder that it imports."""

    @property
    def functions(self) -> list[Declaration]:
        """In the order of the file."""
        return declared_in(self.module.__name__)

    def function(self, name: str) -> Declaration:
        """By its name in the catalog."""
        for declaration in self.functions:
            if declaration.name == name:
                return declaration
        names = ", ".join(declaration.name for declaration in self.functions) or "none"
        raise SourceError(f"{self.path}: declares no function {name!r} (it declares: {names})")


def load(path: str | Path) -> Source:
    """Imports the file, its neighbours in reach as for `python FILE`; makes no instances."""
    path = Path(path).resolve()
    name = f"hermod_functions_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SourceError(f"{path}: no such Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise SourceError(_import_failure(path, error)) from error
    return Source(path, module, _digest_with_neighbours(path))


def _import_failure(path: Path, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    here = [frame for frame in frames if Path(frame.filename) == path]
    line = here[-1].lineno if here else getattr(error, "lineno", None)
    text = here[-1].line if here else (getattr(error, "text", None) or "").strip()
    message = f"{path}:{line or 1}: {type(error).__name__}: {error}"
    if text:
        message += f"\n    {text}"
    if isinstance(error, ModuleNotFoundError):
        message += (
            f"\nName the package of {error.name!r} under `dependencies` in the file's header "
            "(# /// script)."
        )
    return message


def _digest_with_neighbours(path: Path) -> str:
    neighbours = {
        file
        for module in list(sys.modules.values())
        if (name := getattr(module, "__file__", None)) is not None
        and (file := Path(name).resolve()).is_relative_to(path.parent)
        and not any(file.is_relative_to(folder) for folder in _INSTALLED)
    }
    if neighbours <= {path}:
        return _digest(path.read_bytes())
    lines = sorted(
        f"{file.relative_to(path.parent)} {_digest(file.read_bytes())}"
        for file in neighbours | {path}
    )
    return _digest("\n".join(lines).encode())


_INSTALLED = {
    Path(folder).resolve() for folder in (sys.prefix, sys.base_prefix, Path(__file__).parent)
}


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
