"""The device that a worker was given, as torch knows it; and what to do when its memory is full."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import hermod

if TYPE_CHECKING:
    import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """Where a model computes, and in which precision."""

    device: torch.device
    dtype: torch.dtype

    @classmethod
    def here(cls) -> Place:
        """Half precision on a GPU, of which no more is taken than the worker may hold (P4)."""
        import torch  # noqa: PLC0415 (seconds: describing the functions needs none of it)

        context = hermod.context()
        if context.device_type == "cpu":
            torch.set_num_threads(context.threads)
            return cls(torch.device("cpu"), torch.float32)
        if not torch.cuda.is_available():
            raise RuntimeError(
                f"this device is said to be a {context.device_type}, and torch finds no GPU: "
                "look at the driver (nvidia-smi) and at CUDA_VISIBLE_DEVICES"
            )
        total = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, context.memory_bytes / total))
        return cls(torch.device("cuda", 0), torch.float16)

    def load(self, kind: Any, weights: str) -> Any:
        """A model of this class, ready to be asked, never to be trained."""
        import transformers  # noqa: PLC0415

        # A worker's log is no terminal.
        transformers.utils.logging.disable_progress_bar()
        return kind.from_pretrained(weights, dtype=self.dtype).to(self.device).eval()

    def put(self, inputs: Any) -> Any:
        """What a processor made, on the device; its floats in the model's precision."""
        return inputs.to(self.device, dtype=self.dtype)


def in_batches(run: Callable[[list[Item]], list[Result]], items: Sequence[Item]) -> list[Result]:
    """All at once; in halves where the device's memory does not hold them (P4).

    One that does not fit alone raises: it will not fit later either.
    """
    import torch  # noqa: PLC0415

    try:
        with torch.inference_mode():
            return run(list(items))
    except torch.OutOfMemoryError as error:
        if len(items) == 1:
            raise
        print(
            f"{len(items)} calls do not fit the device's memory, they run in halves; "
            f"a smaller max_batch_size would avoid that: {error}",
            file=sys.stderr,
        )
    # Outside of `except`: the exception holds on to the tensors of the attempt.
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    middle = len(items) // 2
    return [*in_batches(run, items[:middle]), *in_batches(run, items[middle:])]
