"""One person on two telephones: the same conversation in Vietnamese and in English, step by step.

Buttons are named by their Vietnamese caption; on the English telephone the one at the same place is
pressed. So both languages must have the same screens with the same buttons, or it fails.
"""

import re
from dataclasses import dataclass, field

from tests.phone import Phone, captions

MADE_UP = (  # what is random in a screen, and what the page shows instead
    (re.compile(r"\bDC-[2-9A-Z]{4}\b"), "DC-7K4Q"),
    (re.compile(r"start=[\w-]{20,}"), "start=Q3v…Zk"),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}\b"), "7KQ4-M2X-9HB"),
)
MEDIA = {"photo": "🖼", "document": "📄", "voice": "🎤"}


@dataclass(frozen=True)
class Shot:
    """A message of the bot as a telephone shows it."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    bold: tuple[tuple[int, int], ...] = ()  # from, to, in `text`
    media: str = ""


@dataclass(frozen=True)
class Step:
    """An action, and what each telephone showed then: Vietnamese, English."""

    done: str
    shots: tuple[tuple[Shot, Shot], ...]
    toasts: tuple[str | None, str | None] = (None, None)


@dataclass
class Pair:
    """A person with a Vietnamese and an English telephone; `steps` gathers what they show."""

    vi: Phone
    en: Phone
    steps: list[Step] = field(default_factory=list)
    _shots: dict[int, Shot] = field(default_factory=dict)

    async def send(self, vi: str, en: str | None = None, *, show: bool = True) -> None:
        """Send a text; without `en` the same text in English."""
        await self.vi.send(vi)
        await self.en.send(en or vi)
        self._note(f"✍️ {_stable(vi)}", show)

    async def press(self, caption: str, *, show: bool = True, exact: bool = False) -> None:
        """Press the newest button whose Vietnamese caption contains this."""
        message, data = self.vi.find(caption, exact=exact)
        place = _data(message).index(data)
        label = captions(message)[place]
        twin = next(one for one in self.en.messages if one["message_id"] == message["message_id"])
        await self.vi.press(caption, on=message, exact=exact)
        await self.en.press_data(_data(twin)[place], on=twin)
        self._note(f"👆 {label}", show, (self.vi.toast, self.en.toast))

    async def photo(self, content: bytes, caption: str | None = None, *, show: bool = True) -> None:
        """Send a picture."""
        for phone in (self.vi, self.en):
            await phone.photo(content, caption)
        self._note("📷", show)

    async def file(self, kind: str, content: bytes, *, show: bool = True) -> None:
        """Send another kind of file."""
        for phone in (self.vi, self.en):
            await phone.file(kind, content)
        self._note(MEDIA.get(kind, kind), show)

    async def edit(self, text: str) -> None:
        """Edit the newest own message."""
        for phone in (self.vi, self.en):
            await phone.edit(phone.mine[-1], text)
        self._note(f"✍️ … → {text}", show=True)

    def look(self, why: str = "🔔", *, show: bool = True) -> None:
        """Record messages that came without an action."""
        self._note(why, show)

    def _note(
        self, done: str, show: bool, toasts: tuple[str | None, str | None] = (None, None)
    ) -> None:
        new = []
        for message, twin in zip(self.vi.messages, self.en.messages, strict=True):
            number, shot, other = message["message_id"], shot_of(message), shot_of(twin)
            assert [len(row) for row in shot.rows] == [len(row) for row in other.rows], (
                shot,
                other,
            )
            before = self._shots.get(number)
            if before is None or shot.text != before.text or (shot.rows and shot != before):
                new.append((shot, other))
            self._shots[number] = shot
        if show and (new or any(toasts)):
            self.steps.append(Step(done, tuple(new), toasts))


def shot_of(message: dict) -> Shot:
    """The look of a message, without random parts."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    bold = tuple(_span(text, one) for one in entities if one["type"] == "bold")
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    media = next((sign for kind, sign in MEDIA.items() if kind in message), "")
    name = message.get("document", {}).get("file_name", "")
    return Shot(
        _stable(text).replace("\u00a0", " "),
        tuple(tuple(button["text"].replace("\u00a0", " ") for button in row) for row in rows),
        bold,
        f"{media} {name}".strip(),
    )


def _span(text: str, entity: dict) -> tuple[int, int]:
    """The place of an entity, counted in characters instead of UTF-16 units."""
    raw = text.encode("utf-16-le")
    begin = len(raw[: 2 * entity["offset"]].decode("utf-16-le"))
    length = len(
        raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
    )
    return begin, begin + length


def _stable(text: str) -> str:
    for pattern, instead in MADE_UP:
        text = pattern.sub(instead, text)
    return text


def _data(message: dict) -> list[str | None]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data") for row in rows for button in row]
