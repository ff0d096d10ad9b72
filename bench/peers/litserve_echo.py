"""LitServe, one worker, one API server."""

import sys
from typing import Any

import litserve
from fastapi import Request


class Echo(litserve.LitAPI):
    """Gives back what it gets."""

    def setup(self, device: str) -> None:
        pass

    def decode_request(self, request: Request) -> Any:
        """LitServe looks at the annotation: for a `Request` it hands over the JSON of its body."""
        return request

    def predict(self, x: Any) -> Any:
        return x

    def encode_response(self, output: Any) -> Any:
        return output


if __name__ == "__main__":
    server = litserve.LitServer(Echo(), accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="error",
    )
