"""The interface of telephones of another messenger that are on the same page."""

from collections.abc import Mapping
from typing import Any, Protocol


class Guests(Protocol):
    """Telephones of another messenger. Their ids are numbers that no other telephone has."""

    def add(self, name: str, label: Mapping[str, str]) -> str:
        """Add a telephone; return its chat's id at the bot."""

    def described(self) -> list[dict[str, Any]]:
        """Return the telephones in the form of the page's API."""

    def has(self, number: int) -> bool:
        """Return whether the number is the id of one of them."""

    def entries(self, number: int) -> list[dict[str, Any]]:
        """Return the messages of a chat in the form of the page's API."""

    def send_text(self, number: int, text: str) -> None:
        """Send a text."""

    def send_photo(self, number: int, content: bytes, caption: str | None) -> None:
        """Send a picture."""

    def block(self, number: int, blocked: bool) -> None:
        """Block or unblock the bot."""
