# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["hermod[dev]", "numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
#
# [tool.uv]
# # 2.5 GB that only a GPU needs; tests_torch/cuda_stand_ins.py takes their place.
# override-dependencies = [
#     "cuda-bindings; sys_platform == 'never'",
#     "cuda-toolkit; sys_platform == 'never'",
#     "nvidia-cudnn-cu13; sys_platform == 'never'",
#     "nvidia-cusparselt-cu13; sys_platform == 'never'",
#     "nvidia-nccl-cu13; sys_platform == 'never'",
#     "nvidia-nvshmem-cu13; sys_platform == 'never'",
#     "triton; sys_platform == 'never'",
# ]
#
# [tool.uv.sources]
# hermod = { path = "../python", editable = true }
# ///
"""Tests of the GPU pack, on a CPU with tiny models: `uv run --script functions/check_torch.py`.

An environment of its own: 0.55 GB to fetch, 1.3 GB on the disk. Arguments are pytest's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE / "tests_torch"
sys.path.insert(0, str(TESTS))


def main(arguments: list[str]) -> int:
    """Pytest's exit code."""
    from cuda_stand_ins import stand_in  # noqa: PLC0415 (a script's neighbour)

    site_packages = Path(sysconfig.get_paths()["purelib"])
    folder = site_packages / "cuda-stand-ins"
    if sys.platform == "linux" and os.uname().machine == "x86_64":
        stand_in(site_packages, folder)
    places = [str(folder), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": os.pathsep.join(places),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_HUB_OFFLINE": "1",
    }
    settings = ["-q", "-rs", "-p", "no:cacheprovider", "-p", "no:asyncio", "-c", os.devnull]
    command = [sys.executable, "-m", "pytest", *settings, f"--rootdir={HERE}", str(TESTS)]
    return subprocess.run([*command, *arguments], env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
