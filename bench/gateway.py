"""A gateway of its own for a measurement: started, asked, looked into, ended."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_STARTING_S = 300.0


class Gateway:
    """`dice up` with a data folder of its own."""

    def __init__(self, dice: str, functions: Path, fleet: Path, *more: str) -> None:
        self._data = tempfile.TemporaryDirectory()
        self.data = Path(self._data.name)
        self.port = _free_port()
        self._log = (self.data / "log").open("wb")
        places = ["--data", str(self.data / "data"), "--functions", str(functions)]
        listen = ["--fleet", str(fleet), "--listen", f"127.0.0.1:{self.port}"]
        self._process = subprocess.Popen(
            [dice, "up", "--no-memo", *places, *listen, *more],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> Gateway:
        until = time.monotonic() + _STARTING_S
        while True:
            try:
                self.ask("/api/v1/engine")
                return self
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise SystemExit((self.data / "log").read_text()) from None
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._data.cleanup()

    def ask(self, path: str, body: Any = None) -> Any:
        """An answer of the API."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=_STARTING_S) as answer:
            return json.load(answer)

    def processes(self) -> list[int]:
        """The gateway's, and all under it."""
        parents = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    parents[int(folder.name)] = int(_after_name(folder / "stat").split()[1])
                except OSError:
                    continue
        found = [self._process.pid]
        for one in found:
            found += [process for process, parent in parents.items() if parent == one]
        return found


def memory(process: int) -> dict[str, int]:
    """Bytes by kind, as the kernel adds them up; empty: it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    parts = (line.split() for line in lines)
    return {part[0].rstrip(":"): int(part[1]) * 1024 for part in parts}


def command(process: int) -> str:
    """What it was started as."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace")


def _after_name(stat: Path) -> str:
    return stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
