"""Refusals: how the Bot API refuses a call, and a telephone what it can't do.

Exception
 ├─ Refusal            an error answer: code, description, retry_after
 ├─ ConnectionDropped  the line breaks and no answer comes
 └─ Impossible         a telephone can't do what its person wants
"""

from typing import Any


class Refusal(Exception):  # noqa: N818 - an answer, not an error of ours
    """Telegram's error answer to a call."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def answer(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class ConnectionDropped(ConnectionError):  # noqa: N818 - says what happened
    """The connection broke before the whole answer had gone out."""


class Impossible(ValueError):  # noqa: N818 - a refusal to the person
    """A telephone cannot do this (no such message, no such button, the bot is blocked)."""


def bad_request(description: str) -> Refusal:
    """A 400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {description}")


def conflict(description: str) -> Refusal:
    """A 409 with Telegram's prefix."""
    return Refusal(409, f"Conflict: {description}")


def forbidden(description: str) -> Refusal:
    """A 403 with Telegram's prefix."""
    return Refusal(403, f"Forbidden: {description}")
