"""Parses Telegram's HTML into text and entities with UTF-16 offsets; finds entities in plain texts.

It follows the Bot API's "HTML style", with the server's own error texts. These have byte offsets in
UTF-8.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from bot.simulator.refusal import ApiRefusal, bad_request

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_SIGN = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]*)\s*")
_VALUE = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[\s>]))")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    place: int


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, in which Telegram counts offsets."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def parse_text(
    text: str, parse_mode: str | None, entities: list[Entity] | None
) -> tuple[str, list[Entity]]:
    """Return the text and entities of what a bot sends, as the server would store them."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request(f"the simulator does not read parse_mode {parse_mode}; use HTML")
    elif mode and mode != "none":
        raise bad_request("unsupported parse_mode")
    else:
        found = _check_entities(text, entities or [])
    return _trim(text, found)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return text and entities of HTML; refuse what Telegram refuses, with its error texts."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.parts: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.place < len(self.source):
            sign = self.source[self.place]
            if sign == "<":
                if self.source.startswith("</", self.place):
                    self._end_tag()
                else:
                    self._start_tag()
            else:
                self._text(sign)
        if self.stack:
            tag = self.stack[-1].tag
            raise self._refusal(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _text(self, sign: str) -> None:
        if sign == "&" and (found := _SIGN.match(self.source, self.place)):
            self._append(html.unescape(found.group()))
            self.place = found.end()
            return
        until = self.place + 1
        while until < len(self.source) and self.source[until] not in "<&":
            until += 1
        self._append(self.source[self.place : until])
        self.place = until

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def _start_tag(self) -> None:
        begin = self.place
        name = self._match(_NAME, begin + 1)
        tag = name.group().lower()
        if name.end() >= len(self.source):
            raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in _KINDS:
            raise self._refusal(
                f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}'
            )
        self.place = name.end()
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refusal(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}'
            )
        self.stack.append(_Open(tag, attributes, self.length, len(self.parts)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        offset = self._bytes(begin)
        while True:
            attribute = self._match(_ATTRIBUTE, self.place)
            name, self.place = attribute.group(1).lower(), attribute.end()
            if self.place >= len(self.source):
                raise self._refusal(f"Unclosed start tag at byte offset {offset}")
            sign = self.source[self.place]
            if sign == ">" and not name:
                self.place += 1
                return found
            if not name:
                raise self._refusal(
                    f'Empty attribute name in the tag "{tag}" at byte offset {offset}'
                )
            if sign != "=":
                if tag == "blockquote" and name == "expandable":
                    found[name] = ""
                    continue
                raise self._refusal(
                    "Expected equal sign in declaration of an attribute of the tag "
                    f'"{tag}" at byte offset {offset}'
                )
            value = _VALUE.match(self.source, self.place + 1)
            if value is None:
                raise self._refusal(f"Unclosed start tag at byte offset {offset}")
            text = next(group for group in value.groups() if group is not None)
            found[name] = _SIGN.sub(lambda sign: html.unescape(sign.group()), text)
            self.place = value.end()

    def _end_tag(self) -> None:
        begin = self.place
        name = self._match(_NAME, begin + 2)
        tag, offset = name.group().lower(), self._bytes(begin)
        if not self.stack:
            raise self._refusal(f"Unexpected end tag at byte offset {offset}")
        end = self._match(re.compile(r"\s*"), name.end()).end()
        if not self.source.startswith(">", end):
            raise self._refusal(f"Unclosed end tag at byte offset {offset}")
        opened = self.stack[-1]
        if tag and tag != opened.tag:
            raise self._refusal(
                f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", '
                f'found "</{tag}>"'
            )
        self.stack.pop()
        self.place = end + 1
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "offset": opened.start,
            "length": self.length - opened.start,
            "type": _KINDS[opened.tag],
        }
        if opened.tag == "a":
            url = opened.attributes.get("href") or "".join(self.parts[opened.place :])
            if not is_web_address(url):
                return
            entity["url"] = url
        elif opened.tag == "code":
            self._drop_inner(opened)
            self._language(opened)
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "pre":
            self._drop_inner(opened)
            if "language" in opened.attributes:
                entity["language"] = opened.attributes["language"]
        if entity["length"]:
            self.entities.append(entity)

    def _language(self, opened: _Open) -> None:
        """Pass the language of `<pre><code class="language-x">` to the `pre` around it."""
        language = opened.attributes.get("class", "").removeprefix("language-")
        if language and self.stack and self.stack[-1].tag == "pre":
            self.stack[-1].attributes["language"] = language

    def _drop_inner(self, opened: _Open) -> None:
        """Remove the entities inside of code, which has none."""
        self.entities = [one for one in self.entities if one["offset"] < opened.start]

    def _match(self, pattern: re.Pattern[str], place: int) -> re.Match[str]:
        found = pattern.match(self.source, place)
        assert found is not None  # every pattern given here matches the empty text
        return found

    def _bytes(self, place: int) -> int:
        return len(self.source[:place].encode())

    def _refusal(self, text: str) -> ApiRefusal:
        return bad_request(f"can't parse entities: {text}")


def is_web_address(url: str) -> bool:
    """Return whether Telegram opens it: http(s) with a host that has a dot, or tg://."""
    if url.startswith("tg://"):
        return True
    pattern = r"(?:https?://)?(?:[\w-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#]\S*)?"
    numeric = r"https?://\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:[/?#]\S*)?"
    return re.fullmatch(f"{pattern}|{numeric}", url) is not None


def _check_entities(text: str, entities: list[Entity]) -> list[Entity]:
    length = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > length:
            raise bad_request("entity beyond the end of the text")
    return [dict(entity) for entity in entities]


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Remove white space from both ends, as the server does, and move the entities accordingly."""
    without = text.lstrip()
    cut = len(text) - len(without)
    without = without.rstrip()
    length = utf16_length(without)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] - cut + entity["length"], length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return without, kept


# In the order of precedence: a later match never overlaps an earlier one.
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
    """Return `present` and the entities that Telegram finds itself, in the order of the text."""
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
