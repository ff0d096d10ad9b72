"""BentoML, one worker."""

from typing import Any

import bentoml


@bentoml.service(workers=1)
class Echo:
    """Gives back what it gets."""

    @bentoml.api
    def echo(self, value: str) -> dict[str, Any]:
        return {"value": value}
