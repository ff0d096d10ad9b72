# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""The simulator against the truth: a batch that runs live, and the same by profiles alone.

    uv run --script bench/validate.py target/release/dice simulated [SCALE]
    uv run --script bench/validate.py target/release/dice vision_cpu

Both run the same program on the same pictures, with all workers started and no result remembered. The simulator is
told what each task's program called and how long it computed in between; how long functions take, it has from their
profiles: those of the pack `simulated`, or what `dice profile` measures here first. Ends with 1 if makespan or device
time is further off than the issue allows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "tests/cases/cars_serial.py"
PICTURE = ROOT / "crates/cli/tests/commands/photo.png"
FLEET = ROOT / "fleets/paper-pair.toml"
FUNCTIONS = ("glip", "blip", "xvlm")
# How far off makespan and device time may be, in per cent.
ALLOWED = {"simulated": 5.0, "vision_cpu": 15.0}
TASKS = {"simulated": 200, "vision_cpu": 200}
PICTURES = 30


class Engine:
    """An engine in a folder of its own, with `dice` as its client."""

    def __init__(self, dice: Path, folder: Path, pack: str, fleet: str) -> None:
        self.dice, self.folder = dice.resolve(), folder
        self.environment = {
            **os.environ,
            "DICE_DATA": str(folder / "data"),
            "DICE_FUNCTIONS": pack,
            "DICE_FLEET": fleet,
        }

    def run(self, *arguments: str, client: bool = True) -> str:
        environment = dict(self.environment)
        if client:
            del environment["DICE_FUNCTIONS"], environment["DICE_FLEET"]
        command = [str(self.dice), *arguments]
        done = subprocess.run(command, env=environment, cwd=self.folder, stdout=subprocess.PIPE, check=True, text=True)
        return done.stdout

    def start(self) -> subprocess.Popen[bytes]:
        command = [str(self.dice), "up", "--no-memo", "--listen", "127.0.0.1:0"]
        started = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL)
        while not (self.folder / "data/lock").exists():
            time.sleep(0.1)
        time.sleep(1.0)
        return started

    def batch(self, tasks: int) -> int:
        told = self.run("batch", "program.py", "--inputs", "pictures", "--tasks", str(tasks), "--fresh", "--json")
        batch = json.loads(told)
        if batch["failed"]:
            raise SystemExit(f"{batch['failed']} tasks failed")
        return batch["id"]


def prepare(folder: Path) -> None:
    (folder / "pictures").mkdir()
    (folder / "program.py").write_bytes(PROGRAM.read_bytes())
    for number in range(PICTURES):
        # What follows the end of a PNG is no part of the picture, but makes it another blob.
        (folder / f"pictures/{number:02}.png").write_bytes(PICTURE.read_bytes() + str(number).encode())


def validate(dice: Path, pack: str, scale: float) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        fleet = "local-cpu"
        if pack == "simulated":
            fleet = str(folder / "fleet.toml")
            text = FLEET.read_text().replace("time_scale = 1.0", f"time_scale = {scale}")
            Path(fleet).write_text(text)
        engine = Engine(dice, folder, pack, fleet)
        if pack != "simulated":
            for function in FUNCTIONS:
                print(engine.run("profile", function, client=False))
        process = engine.start()
        try:
            # Starts the workers and loads the models.
            engine.batch(8)
            batch = engine.batch(TASKS[pack])
            trace = engine.run("cost", "--batch", str(batch), "--trace")
        finally:
            process.terminate()
            process.wait()
        (folder / "trace.json").write_text(trace)
        print(engine.run("replay", "trace.json", "--by-profile"))
        return judge(json.loads(engine.run("replay", "trace.json", "--by-profile", "--json")), ALLOWED[pack])


def judge(replay: dict, allowed: float) -> int:
    worst = 0.0
    for what in ("makespan_seconds", "device_seconds"):
        live, simulated = replay["recorded"][what], replay["same"][what]
        off = (simulated / live - 1.0) * 100.0
        worst = max(worst, abs(off))
        print(f"{what}: live {live:.3f}, simulated {simulated:.3f}, {off:+.2f} %")
    print(f"allowed: {allowed:.0f} %: {'kept' if worst <= allowed else 'MISSED'}")
    return int(worst > allowed)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in ALLOWED:
        raise SystemExit(__doc__)
    sys.exit(validate(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0.2))
