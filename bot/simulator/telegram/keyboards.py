"""Validates keyboards as Telegram does."""

from typing import Any

from bot.simulator.formatting import is_web_address
from bot.simulator.refusal import bad_request

MAX_DATA = 64
MAX_BUTTONS = 100
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def check_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the inline keyboard to store with the message; None for no or another keyboard."""
    if markup is None:
        return None
    if "keyboard" in markup:
        for row in markup["keyboard"]:
            for button in row:
                if not button["text"]:
                    raise bad_request("keyboard button text must be non-empty")
        return None
    if "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def offered_data(markup: dict[str, Any] | None) -> set[str]:
    """Return the callback data of all buttons."""
    if markup is None:
        return set()
    return {
        button["callback_data"]
        for row in markup["inline_keyboard"]
        for button in row
        if "callback_data" in button
    }


def _check_button(button: dict[str, Any]) -> None:
    text = button["text"]
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [action for action in _ACTIONS if action in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(
            f'inline keyboard button "{text}" must have one action, not {", ".join(actions)}'
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not is_web_address(button["url"]):
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: wrong HTTP URL"
        )
