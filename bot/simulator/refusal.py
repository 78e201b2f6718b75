"""The errors by which the Bot API refuses a call, and a telephone an action.

Exception
 ├─ Refusal            an error answer: code, description, retry_after
 ├─ ConnectionDropped  the connection breaks and no answer comes
 └─ Impossible         a telephone can't do what its person wants
"""

from typing import Any


class ApiRefusal(Exception):  # noqa: N818 - an answer, not a bug
    """The messenger's error answer to a call."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def answer(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class ConnectionDropped(ConnectionError):  # noqa: N818 - says what happened
    """The connection broke before the whole answer was sent."""


class Impossible(ValueError):  # noqa: N818 - a refusal to the person
    """A telephone can't do this: no such message, no such button, or the bot is blocked."""


def bad_request(description: str) -> ApiRefusal:
    """Return a 400 with Telegram's prefix."""
    return ApiRefusal(400, f"Bad Request: {description}")


def conflict(description: str) -> ApiRefusal:
    """Return a 409 with Telegram's prefix."""
    return ApiRefusal(409, f"Conflict: {description}")


def forbidden(description: str) -> ApiRefusal:
    """Return a 403 with Telegram's prefix."""
    return ApiRefusal(403, f"Forbidden: {description}")
