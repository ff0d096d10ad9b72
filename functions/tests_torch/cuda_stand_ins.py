"""Lets PyPI's torch be imported without the 2.5 GB of CUDA libraries that it wants.

PyPI has one torch for Linux on x86-64, and its libraries are linked with CUDA's. On a machine
without a GPU none of those is ever called, but the loader wants them to be there. This puts
libraries of the same names there, of which every function answers "no device" (100,
`cudaErrorNoDevice`): `torch` then finds no GPU and computes on the CPU, with its own code. For
tests; workers on a GPU have the real libraries.

The folder with them is to be in `LD_LIBRARY_PATH`. Needs `cc`, `nm` and `readelf`. Elsewhere than
on Linux on x86-64 PyPI's torch is not linked with CUDA's: there is nothing to do.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

_CUDA = re.compile(r"lib(cu|nccl|nv).*\.so\.\d+")
_UNVERSIONED = {"nccl": "libnccl", "cusparseLt": "libcusparseLt", "cuFile": "libcufile"}
"""By prefix of a function, its library where that has no versions; the driver's may be anywhere."""


def stand_in(site_packages: Path, folder: Path) -> None:
    """Fills the folder with what the installed torch wants, and there is not yet."""
    libraries = sorted((site_packages / "torch" / "lib").glob("*.so"))
    wanted = sorted({name for library in libraries for name in _needed(library)})
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / name).exists() for name in wanted):
        return
    functions = _functions(libraries, wanted)
    for name in wanted:
        _compile(folder / name, functions[name])


def _needed(library: Path) -> list[str]:
    dynamic = _output("readelf", "--dynamic", str(library))
    return [name for name in re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic) if _CUDA.fullmatch(name)]


def _functions(libraries: list[Path], wanted: list[str]) -> dict[str, dict[str, set[str]]]:
    """By library and version of the symbol: what torch takes from it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for library in libraries:
        for line in _output(
            "nm", "-D", "--undefined-only", "--with-symbol-versions", str(library)
        ).splitlines():
            name, _, version = line.split()[-1].partition("@")
            owner = _owner(name, version.lstrip("@"), wanted)
            if owner is not None:
                found[owner][version.lstrip("@")].add(name)
    return found


def _owner(name: str, version: str, wanted: list[str]) -> str | None:
    if version in wanted:
        return version
    if version == "NVSHMEM":
        return next(one for one in wanted if one.startswith("libnvshmem"))
    if version or not re.match(r"(cu[A-Z]|cusparseLt|nccl|nvml)", name):
        return None
    prefixes = (library for prefix, library in _UNVERSIONED.items() if name.startswith(prefix))
    library = next(prefixes, "libcudart")
    return next(one for one in wanted if one.startswith(library))


def _compile(library: Path, functions: dict[str, set[str]]) -> None:
    names = sorted(set().union(*functions.values()))
    source = "".join(
        f'const char *{name}(void) {{ return "no CUDA here"; }}\n'
        if re.search(r"Error(String|Name)|GetLastError$|GetResultString$", name)
        and name != "cudaGetLastError"
        else f"int {name}(void) {{ return 100; }}\n"
        for name in names
    )
    versions = "".join(
        f"{version} {{ global: {' '.join(f'{name};' for name in sorted(symbols))} }};\n"
        for version, symbols in functions.items()
        if version
    )
    with tempfile.TemporaryDirectory() as folder:
        code, script = Path(folder, "code.c"), Path(folder, "versions")
        code.write_text(source + "int stand_in;\n", encoding="ascii")
        script.write_text(versions, encoding="ascii")
        flags = [f"-Wl,--version-script={script}"] if versions else []
        _output(
            "cc", "-w", "-fno-builtin", "-shared", "-fPIC", "-O0",
            f"-Wl,-soname,{library.name}", *flags, "-o", str(library), str(code),
        )  # fmt: skip


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
