# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "numpy==1.26.4; python_version < '3.13'",
#     "numpy==2.1.3; python_version >= '3.13'",
#     "onnx==1.16.2; python_version < '3.12'",
#     "onnx==1.18.0; python_version >= '3.12'",
#     "tensorflow-cpu==2.15.1; python_version < '3.12'",
#     "tensorflow-cpu==2.18.1; python_version == '3.12.*'",
#     "tensorflow-cpu==2.20.0; python_version >= '3.13'",
#     "tf2onnx==1.16.1",
# ]
#
# [tool.uv]
# # tf2onnx asks for protobuf 3, which the newer TensorFlows exclude; it works with theirs.
# override-dependencies = [
#     "protobuf>=3.20,<4; python_version < '3.12'",
#     "protobuf>=4.25,<6; python_version == '3.12.*'",
#     "protobuf>=5.28,<6; python_version >= '3.13'",
# ]
# ///
"""Converts a TensorFlow.js model to ONNX: `_convert.py MODEL.json OUT.onnx`. Run by `setup.py`.

The output differs in a few bytes from run to run, so what is checked by hash is what goes in.
"""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # read when TensorFlow is imported

import numpy as np

if not hasattr(np, "cast"):
    # tf2onnx 1.16 uses two names that numpy 2 dropped.
    class _Cast:
        def __getitem__(self, dtype: Any) -> Any:
            return partial(np.asarray, dtype=dtype)

    vars(np).update(cast=_Cast(), product=np.prod)

from tf2onnx import convert


def main(model: str, output: str) -> None:
    """Hands over to tf2onnx, which reads the command line only."""
    logging.disable(logging.WARNING)
    sys.argv = ["tf2onnx", "--tfjs", model, "--output", output, "--opset", "13"]
    convert.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
