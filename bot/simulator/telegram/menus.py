"""The command menus for each scope and language, the menu buttons, and the bot's descriptions."""

import json
from typing import Any

Command = dict[str, str]

_DEFAULT_BUTTON = {"type": "default"}


class Menus:
    """The menus that the bot has set."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str], list[Command]] = {}
        self._buttons: dict[int | None, dict[str, Any]] = {}
        self.texts: dict[tuple[str, str], str] = {}

    def set_commands(
        self, scope: dict[str, Any] | None, language: str, commands: list[Command]
    ) -> None:
        """Replace the commands of a scope and language; an empty list removes them."""
        key = (_scope_key(scope), language)
        if commands:
            self._commands[key] = commands
        else:
            self._commands.pop(key, None)

    def commands(self, scope: dict[str, Any] | None, language: str) -> list[Command]:
        """Return the commands of exactly this scope and language."""
        return self._commands.get((_scope_key(scope), language), [])

    def commands_for(self, chat: int, language: str | None) -> list[Command]:
        """Return the commands of a private chat.

        The narrowest scope has priority, then the person's language.
        """
        scopes: tuple[dict[str, Any] | None, ...] = (
            {"type": "chat", "chat_id": chat},
            {"type": "all_private_chats"},
            None,
        )
        for scope in scopes:
            for code in (language or "", ""):
                if found := self.commands(scope, code):
                    return found
        return []

    def set_button(self, chat: int | None, button: dict[str, Any] | None) -> None:
        """Set the menu button of a chat; with None that of all chats without one of their own."""
        self._buttons[chat] = button or _DEFAULT_BUTTON

    def button(self, chat: int | None) -> dict[str, Any]:
        """Return the menu button that a chat shows."""
        own = self._buttons.get(chat, _DEFAULT_BUTTON)
        if own == _DEFAULT_BUTTON:
            return self._buttons.get(None, _DEFAULT_BUTTON)
        return own


def _scope_key(scope: dict[str, Any] | None) -> str:
    return json.dumps(scope or {"type": "default"}, sort_keys=True)
