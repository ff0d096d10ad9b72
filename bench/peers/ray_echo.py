"""Ray Serve, one replica, its own proxy."""

import sys
import time
from typing import Any

import ray
from ray import serve
from starlette.requests import Request


@serve.deployment(max_ongoing_requests=128)
class Echo:
    """Gives back what it gets."""

    async def __call__(self, request: Request) -> Any:
        return await request.json()


if __name__ == "__main__":
    ray.init(include_dashboard=False, logging_level="error", num_cpus=2)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Echo.bind())
    while True:
        time.sleep(60)
