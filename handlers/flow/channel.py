"""The seam between the conversation and a messenger: what comes in, what is to be shown.

Nothing here knows a messenger: `bot/telegram/`, `bot/zalo/` and the terminal all speak it. What a
messenger can do stands in the `Capabilities` of its bots.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

TELEGRAM = "telegram"  # the bot of the setting TELEGRAM_BOT_TOKEN
TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a bot's messenger can do; `messenger` names it for people.

    `unasked`: a message can be sent to somebody who has not just written. `ordered_ids`: the ids of
    a chat's messages are numbers that grow from message to message, whoever writes. `most_people`:
    how many people the bot's plan takes; None: any number. `keeps`: for how long the
    messenger keeps what people write while the bot can't be reached.
    """

    messenger: str = "telegram"
    buttons: bool = True
    edits: bool = True
    documents: bool = True
    pictures: Literal["upload", "address"] | None = "upload"
    typing_sign: bool = True
    longest_text: int = 4096
    unasked: bool = True
    blocks_told: bool = True
    ordered_ids: bool = True
    most_people: int | None = None
    keeps: timedelta = timedelta(hours=24)


def file_at(bot: str, reference: str) -> str:
    """A bot's file, as it is kept: how its messenger names it, with the bot."""
    return f"{bot}:{reference}"


def bot_and_reference(file: str) -> tuple[str, str]:
    """The bot that has a file, and how its messenger names it."""
    bot, _, reference = file.partition(":")
    # What was under way when there was one bot only names none.
    return (bot, reference) if reference else (TELEGRAM, file)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: a chat of a bot, and what the messenger says about the person."""

    bot: str
    address: str
    name: str
    handle: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or file (`file_at`); it is fetched after the commit."""

    kind: Literal["photo", "file"]
    reference: str
    name: str | None = None
    media_type: str | None = None
    size: int | None = None

    @property
    def is_recording(self) -> bool:
        """Whether it is a video or a sound, as far as its type tells."""
        return (self.media_type or "").startswith(("video/", "audio/"))


IncomingKind = Literal[
    "text", "press", "edit", "attachment", "forwarded", "location", "unsupported", "blocked",
    "unblocked", "in_group",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did. `data` is a button's packed press, never trusted.

    `written_at` is the messenger's time of a message or of its edit, in whole seconds; a press has
    none. `arrived_at` is when the bot received it. `reply_to` is the message that it replies to.
    `update` is what the messenger delivered it as, by which a repetition is known; its `number` in
    the inbox tells the order in which updates came.
    """

    sender: Sender
    kind: IncomingKind
    text: str = ""
    data: str = ""
    message: str | None = None
    attachment: Attachment | None = None
    update: str | None = None
    number: int | None = None
    written_at: datetime | None = None
    arrived_at: datetime | None = None
    reply_to: str | None = None

    @property
    def way(self) -> str:
        """By which way it came, as a history keeps it: a press of a button, or a message."""
        return "button" if self.kind == "press" else "text"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: its label and either a packed press or an address to open."""

    label: str
    data: str | None = None
    url: str | None = None

    def fields(self) -> dict[str, str]:
        """What it has, for JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Making:
    """A document that is made after the commit, from the data as it is then.

    It is of a round, or of communes that the person who asked may read at that moment.
    """

    format: str  # the name of one of handlers/exports/formats.py, among those of its subject
    subject: int | tuple[int, ...]  # a round, or communes
    language: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is written after the commit, of what is kept nowhere: codes are stored as hashes.

    It can't be made a second time.
    """

    name: str
    write: Callable[[], bytes]
    language: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture or file that comes with a screen.

    It is kept below DATA_DIR, or still the messenger's (`file_at`), or still to be made, and then
    can become several. The caption is HTML like a screen's text.
    """

    kind: Literal["photo", "file"]
    caption: str
    path: str | None = None
    reference: str | None = None
    name: str | None = None
    making: Making | Document | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Text (the HTML of b, i, u, s, code, pre, a) and rows of buttons."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()

    def to_json(self) -> str:
        """The screen as it lies in the outbox."""
        rows = [[one.fields() for one in row] for row in self.rows]
        return json.dumps({"v": 1, "text": self.text, "rows": rows}, ensure_ascii=False)

    @staticmethod
    def from_json(payload: str) -> "Screen":
        """The screen of such a payload."""
        kept: dict[str, Any] = json.loads(payload)
        rows = tuple(tuple(Button(**one) for one in row) for row in kept.get("rows", ()))
        return Screen(kept["text"], rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show: its file name, and what draws it, after the commit.

    `link` is what a QR code says, for a page that draws it itself.
    """

    name: str
    draw: Callable[[], bytes]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen on its way.

    `edit` is the message to change in place (a new one is sent when it is gone); None sends a new
    message. A `purpose` ("question", "receipt:17") has the channel keep the message's id under it,
    with `revision` as the proof that the person has seen this state. `remove_keyboard` is a message
    that loses its buttons. With a `picture` the screen is its caption, in a new message.
    `enclosures` are sent before the screen. `asks` is what the channel keeps with the message once
    it is shown: what the screen asks (JSON of `handlers.flow.asked_screen`).
    """

    screen: Screen
    edit: str | None = None
    purpose: str | None = None
    revision: int | None = None
    remove_keyboard: str | None = None
    picture: Picture | None = None
    enclosures: tuple[Enclosure, ...] = ()
    asks: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """An entry of the command menu."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Reply:
    """All that answers one Incoming. `toast` answers a press; `commands` replaces the menu.

    `answered` is the report and the indicator that a typed message answered.
    The channel waits `held_back` seconds before it shows it.
    `says` are the sentences around the screen, which a reply to several messages gathers.
    """

    shown: tuple[Shown, ...] = ()
    toast: str | None = None
    commands: tuple[Command, ...] | None = None
    person: int | None = None
    answered: tuple[int, str] | None = None
    held_back: float = 0.0
    says: tuple[str, ...] = ()
