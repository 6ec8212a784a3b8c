"""A request that is refused before any of our code has looked at what it asks for."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException


class Refusal(HTTPException):
    """Answered with this status; unlike the framework's own, the detail is for the caller."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        """Say what is wrong and what to do."""
        super().__init__(status, detail, dict(headers or {}))
