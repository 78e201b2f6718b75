"""The entities which Telegram finds by itself: commands, addresses, mentions, hashtags."""

import re
from typing import Any

from bot.simulator.formatting import utf16_length

# In the order of precedence: what is found first keeps its place.
_PATTERNS = (
    ("email", re.compile(r"\b[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}\b")),
    ("url", re.compile(r"(?:https?://|\b)(?:[\w-]+\.)+(?:com|org|net|vn|me|io|info|gov|edu|dev|app)"
                       r"\b(?::\d+)?(?:/[^\s<>\"]*[^\s<>\".,!?:;)])?")),
    ("bot_command", re.compile(r"(?<![\w/<>.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?(?![\w/])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])(?:\+\d{9,14}|0\d{9})(?!\w)")),
)  # fmt: skip
_OPAQUE = {"pre", "code", "text_link"}


def find_entities(text: str, present: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`present` and what Telegram finds beside it, in the order of the text."""
    found = list(present)
    taken = [_span(entity) for entity in present if entity["type"] in _OPAQUE]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            span = (offset, offset + utf16_length(match.group()))
            if any(span[0] < end and start < span[1] for start, end in taken):
                continue
            taken.append(span)
            found.append({"offset": offset, "length": span[1] - offset, "type": kind})
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def _span(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
