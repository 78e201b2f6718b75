"""Validates calls of Zalo's Bot API: the methods, and the parameters of each.

It may be stricter than Zalo: it refuses what Zalo may ignore.
"""

from typing import Any

from bot.simulator.refusal import ApiRefusal

MAX_TEXT = 2000
SECRET_LENGTH = range(8, 257)
_LONGEST_POLL = 600  # seconds; Zalo's limit isn't documented

Parameters = dict[str, Any]

# "!" marks a required parameter. Seconds may be a number or, as in the documentation, a text.
METHODS: dict[str, dict[str, str]] = {
    "getMe": {},
    "getUpdates": {"timeout": "seconds"},
    "setWebhook": {"url": "text!", "secret_token": "text!"},
    "deleteWebhook": {},
    "getWebhookInfo": {},
    "sendMessage": {
        "chat_id": "text!",
        "text": "text!",
        "parse_mode": "text",
        "text_styles": "objects",
    },
    "sendPhoto": {"chat_id": "text!", "photo": "text!", "caption": "text"},
    "sendSticker": {"chat_id": "text!", "sticker": "text!"},
    "sendVoice": {"chat_id": "text!", "voice_url": "text!"},
    "sendChatAction": {"chat_id": "text!", "action": "text!"},
}


def wrong(description: str) -> ApiRefusal:
    """Return a 400 with the simulator's own description: Zalo's texts aren't documented."""
    return ApiRefusal(400, description)


def check(method: str, given: Parameters) -> Parameters:
    """Return the parameters in their types; refuse unknown, missing and wrongly typed ones."""
    if method not in METHODS:
        raise ApiRefusal(404, f"there is no method {method}")
    kinds = METHODS[method]
    for name in given:
        if name not in kinds:
            raise wrong(f"{method} has no parameter {name}")
    checked: Parameters = {}
    for name, kind in kinds.items():
        if given.get(name) is not None:
            checked[name] = _read(kind.removesuffix("!"), name, given[name])
        elif kind.endswith("!"):
            raise wrong(f"{method} needs the parameter {name}")
    return checked


def check_text(name: str, text: str) -> None:
    """Refuse an empty text and one over 2,000 characters.

    It counts UTF-16 code units, in which Zalo gives the positions of styles; an emoji has two. This
    is the stricter interpretation of "2,000 characters".
    """
    if not text.strip():
        raise wrong(f"{name} is empty")
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        raise wrong(f"{name} is longer than {MAX_TEXT} characters")


def _read(kind: str, name: str, value: object) -> object:
    if kind == "seconds":
        return _seconds(name, value)
    if kind == "objects":
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise wrong(f"{name} must be a list of objects")
        return value
    if not isinstance(value, str):
        raise wrong(f"{name} must be a text")
    return value


def _seconds(name: str, value: object) -> int:
    try:
        seconds = int(value) if isinstance(value, int | str) else -1
    except ValueError:
        seconds = -1
    if isinstance(value, bool) or not 0 <= seconds <= _LONGEST_POLL:
        raise wrong(f"{name} must be a number of seconds")
    return seconds
