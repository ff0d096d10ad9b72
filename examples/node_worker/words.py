# /// script
# requires-python = ">=3.11"
# dependencies = []
#
# [tool.dice]
# worker = ["node", "worker.mjs"]
# ///
"""What the worker in Node offers: this file declares it, `worker.mjs` executes it."""

import hermod


@hermod.function(effect="pure", gpu_memory="64Mi", max_batch_size=8)
def count_words(text: str) -> dict[str, int]:
    """Counts the words of the text, in lower case. Returns an object of counts by word."""
    raise NotImplementedError("worker.mjs executes it")
