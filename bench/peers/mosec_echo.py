"""mosec, one worker, no batching."""

from typing import Any

from mosec import Server, Worker


class Echo(Worker):
    """Gives back what it gets."""

    def forward(self, data: Any) -> Any:
        return data


if __name__ == "__main__":
    server = Server()
    server.append_worker(Echo, num=1)
    server.run()
