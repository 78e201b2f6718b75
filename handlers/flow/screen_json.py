"""A screen as the JSON that lies in the outbox."""

import json
from typing import Any

from handlers.flow.channel import Button, Screen

VERSION = 1


def to_json(screen: Screen) -> str:
    """The payload of an outgoing message."""
    rows = [[_packed(button) for button in row] for row in screen.rows]
    return json.dumps({"v": VERSION, "text": screen.text, "rows": rows}, ensure_ascii=False)


def from_json(payload: str) -> Screen:
    """The screen of a payload."""
    held: dict[str, Any] = json.loads(payload)
    rows = tuple(
        tuple(Button(button["label"], button.get("data"), button.get("url")) for button in row)
        for row in held.get("rows", ())
    )
    return Screen(held["text"], rows)


def _packed(button: Button) -> dict[str, str]:
    fields = {"label": button.label, "data": button.data, "url": button.url}
    return {name: value for name, value in fields.items() if value is not None}
