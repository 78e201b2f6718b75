"""Command menus per scope and language, the menu button, and the bot's descriptions."""

import json
from typing import Any

Command = dict[str, str]

_DEFAULT_BUTTON = {"type": "default"}


class Menus:
    """The menus that the bot has set up."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str], list[Command]] = {}
        self._buttons: dict[int | None, dict[str, Any]] = {}
        self.texts: dict[tuple[str, str], str] = {}

    def set_commands(
        self, scope: dict[str, Any] | None, language: str, commands: list[Command]
    ) -> None:
        """Replace the commands of a scope and language; an empty list takes them away."""
        key = (_scope_key(scope), language)
        if commands:
            self._commands[key] = commands
        else:
            self._commands.pop(key, None)

    def commands(self, scope: dict[str, Any] | None, language: str) -> list[Command]:
        """The commands of exactly this scope and language."""
        return self._commands.get((_scope_key(scope), language), [])

    def commands_for(self, chat: int, language: str | None) -> list[Command]:
        """The commands of a private chat: narrowest scope first, the person's language first."""
        scopes: tuple[dict[str, Any] | None, ...] = (
            {"type": "chat", "chat_id": chat},
            {"type": "all_private_chats"},
            None,
        )
        for scope in scopes:
            for spoken in (language or "", ""):
                if found := self.commands(scope, spoken):
                    return found
        return []

    def set_button(self, chat: int | None, button: dict[str, Any] | None) -> None:
        """The menu button of a chat, or of all chats that have no own."""
        self._buttons[chat] = button or _DEFAULT_BUTTON

    def button(self, chat: int | None) -> dict[str, Any]:
        """The menu button that a chat shows."""
        own = self._buttons.get(chat, _DEFAULT_BUTTON)
        if own == _DEFAULT_BUTTON:
            return self._buttons.get(None, _DEFAULT_BUTTON)
        return own


def _scope_key(scope: dict[str, Any] | None) -> str:
    return json.dumps(scope or {"type": "default"}, sort_keys=True)
