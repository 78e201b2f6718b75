"""Telephones of another messenger on the same page: what the page's API asks of them."""

from collections.abc import Mapping
from typing import Any, Protocol


class Guests(Protocol):
    """They look like the others to the page; their ids are numbers that no other telephone has."""

    def add(self, name: str, label: Mapping[str, str]) -> str:
        """One more telephone; its chat's id at the bot."""

    def described(self) -> list[dict[str, Any]]:
        """The telephones as the page gets them."""

    def has(self, number: int) -> bool:
        """Whether this is one of them."""

    def entries(self, number: int) -> list[dict[str, Any]]:
        """The messages of a chat as the page gets them."""

    def send_text(self, number: int, text: str) -> None:
        """Write a text."""

    def send_photo(self, number: int, content: bytes, caption: str | None) -> None:
        """Send a picture."""

    def block(self, number: int, blocked: bool) -> None:
        """Block the bot, or let it in again."""
