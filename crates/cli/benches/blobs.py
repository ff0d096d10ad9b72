#!/usr/bin/env python3
"""What large and many blobs cost: time, and the gateway's memory.

    crates/cli/benches/blobs.py DICE [S3S_FS]

Twenty blobs of 50 MB, up and down, one at a time and four at once; 10,000 of 4 kB, up; then a program that hands an
image of 50 MB to a worker. In the data folder alone, and with an S3-compatible service (`s3s-fs`) behind it.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LARGE = 50_000_000
MANY = 10_000
PACK = Path(__file__).resolve().parents[3] / "functions" / "testing"
PROGRAM = """
import asyncio, hermod
from PIL import Image
async def main():
    print(await hermod.call("size_of", image=Image.open("large.ppm")))
asyncio.run(main())
"""


def main() -> None:
    dice = Path(sys.argv[1]).resolve()
    s3 = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    measure(dice, "the data folder", {})
    if s3 is not None:
        with tempfile.TemporaryDirectory() as root:
            Path(root, "bench").mkdir()
            port = free_port()
            command = [s3, "--host", "127.0.0.1", "--port", str(port)]
            command += ["--access-key", "key", "--secret-key", "secret", root]
            service = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            wait_for(port)
            environment = {
                "DICE_BLOBS": "s3://bench/blobs",
                "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "key",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_REGION": "us-east-1",
            }
            try:
                measure(dice, "S3 behind it", environment)
            finally:
                service.kill()
                service.wait()


def measure(dice: Path, where: str, environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [str(dice), "up", "--listen", f"127.0.0.1:{port}", "--data", f"{folder}/data"]
        command += ["--functions", str(PACK)]
        gateway = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            print(f"{where}: {resident(gateway.pid, 'VmRSS')} MB when idle")
            cases(dice, gateway.pid, port, Path(folder))
        finally:
            gateway.terminate()
            gateway.wait()


def cases(dice: Path, gateway: int, port: int, folder: Path) -> None:
    def case(name: str, unit: str, amount: float, work: Callable[[], object]) -> None:
        Path(f"/proc/{gateway}/clear_refs").write_text("5")
        began = time.monotonic()
        work()
        took = time.monotonic() - began
        most = resident(gateway, "VmHWM")
        print(f"  {name}: {took:.2f} s, {amount / took:.0f} {unit}/s, at most {most} MB")

    large = [bytes([number]) * LARGE for number in range(20)]
    names = [digest(data) for data in large]
    megabytes = LARGE / 1e6

    def up(indices: range) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for index in indices:
            put(connection, names[index], large[index])

    def down(indices: range) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for index in indices:
            connection.request("GET", f"/api/v1/blobs/{names[index]}")
            response = connection.getresponse()
            got = 0
            while piece := response.read(1 << 20):
                got += len(piece)
            assert (response.status, got) == (200, LARGE)

    def at_once(work: Callable[[range], None]) -> None:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, [range(first, first + 4) for first in (4, 8, 12, 16)]))

    case("50 MB up, one at a time", "MB", 4 * megabytes, lambda: up(range(4)))
    case("50 MB up, four at once", "MB", 16 * megabytes, lambda: at_once(up))
    case("50 MB down, one at a time", "MB", 4 * megabytes, lambda: down(range(4)))
    case("50 MB down, four at once", "MB", 16 * megabytes, lambda: at_once(down))

    def many() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number in range(MANY):
            data = str(number).encode().ljust(4096, b".")
            put(connection, digest(data), data)

    case(f"{MANY} of 4 kB up", "blobs", MANY, many)

    image = folder / "large.ppm"
    image.write_bytes(
        b"P6 4096 4069 255\n" + os.urandom(1 << 20) * 48 + bytes(4096 * 4069 * 3 - (48 << 20))
    )
    program = folder / "program.py"
    program.write_text(PROGRAM)
    command = [str(dice), "--server", f"http://127.0.0.1:{port}", "run", str(program)]
    command += ["--input", f"large.ppm={image}"]
    run = lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: E731
    case("a program and a worker with an image of 50 MB", "runs", 1, run)
    case("the same again", "runs", 1, run)


def put(connection: http.client.HTTPConnection, name: str, data: bytes) -> None:
    connection.request("PUT", f"/api/v1/blobs/{name}", body=data)
    response = connection.getresponse()
    response.read()
    assert response.status == 204, response.status


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def resident(process: int, field: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) // 1024
    raise LookupError(field)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise TimeoutError(port)


if __name__ == "__main__":
    main()
