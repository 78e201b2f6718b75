"""The types between the conversation and a messenger: what comes in, what is to be shown.

They depend on no messenger: `bot/telegram/`, `bot/zalo/` and the terminal all use them. The
`Capabilities` of a bot tell what its messenger can do.
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
    """What a bot's messenger can do; `messenger` is its name for people.

    `unasked`: a message can be sent to a person who has not just written. `ordered_ids`: the ids of
    a chat's messages are numbers that grow with each message of either side. `most_people`: the
    most people that the bot's plan allows; None: any number. `keeps`: how long the messenger stores
    people's messages while the bot can't be reached.
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
    """Return the stored name of a bot's file: the bot, and the messenger's reference."""
    return f"{bot}:{reference}"


def bot_and_reference(file: str) -> tuple[str, str]:
    """Return the bot that has a file, and the messenger's reference."""
    bot, _, reference = file.partition(":")
    # Files stored while there was only one bot name no bot.
    return (bot, reference) if reference else (TELEGRAM, file)


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender: a chat of a bot, and the person's data from the messenger."""

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
    """One thing that a person did. `data` is a button's packed press, never trusted.

    `written_at` is the messenger's time of a message or of its edit, in whole seconds; a press has
    none. `arrived_at` is when the bot received it. `reply_to` is the message that it replies to.
    `update` is the messenger's id of the update, which identifies a repetition. The `number` in the
    inbox gives the order of updates.
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
        """The way in the history: a press of a button, or a message."""
        return "button" if self.kind == "press" else "text"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: its label and either a packed press or an address to open."""

    label: str
    data: str | None = None
    url: str | None = None

    def fields(self) -> dict[str, str]:
        """Return the fields that have a value, for JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Making:
    """A document that is made after the commit, from the data at that time.

    Its subject is a round, or communes that the person may read at that time.
    """

    format: str  # a name in handlers/exports/formats.py
    subject: int | tuple[int, ...]  # a round, or communes
    language: str


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """A file that is written after the commit, and can't be made a second time.

    It contains codes, of which only hashes are stored.
    """

    name: str
    write: Callable[[], bytes]
    language: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture or file that comes with a screen.

    It has a path below DATA_DIR, or the messenger's reference (`file_at`), or is still to be made
    and then can become several files. The caption is HTML like a screen's text.
    """

    kind: Literal["photo", "file"]
    caption: str
    path: str | None = None
    reference: str | None = None
    name: str | None = None
    making: Making | GeneratedDocument | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Text (the HTML of b, i, u, s, code, pre, a) and rows of buttons."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()

    def to_json(self) -> str:
        """Return the screen's payload for the outbox."""
        rows = [[one.fields() for one in row] for row in self.rows]
        return json.dumps({"v": 1, "text": self.text, "rows": rows}, ensure_ascii=False)

    @staticmethod
    def from_json(payload: str) -> "Screen":
        """Return the screen of a payload of the outbox."""
        stored: dict[str, Any] = json.loads(payload)
        rows = tuple(tuple(Button(**one) for one in row) for row in stored.get("rows", ()))
        return Screen(stored["text"], rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show: its file name, and the function that draws it after the commit.

    `link` is the content of a QR code, for a page that draws it itself.
    """

    name: str
    draw: Callable[[], bytes]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen to show.

    `edit` is the message to change in place (a new one is sent if it no longer exists); None sends
    a new message. Under a `purpose` ("question", "receipt:17") the channel stores the message's id,
    with `revision` as the proof that the person has seen this state. `remove_keyboard` is a message
    whose buttons are removed. With a `picture` the screen is its caption, in a new message.
    `enclosures` are sent before the screen. `asks` is stored with the message once it is shown:
    what the screen asks (JSON of `handlers.flow.asked_screen`).
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
    """The complete answer to one Incoming. `toast` answers a press; `commands` replaces the menu.

    `answered` is the report and the indicator that a typed message answered.
    The channel shows the reply after `delay` seconds.
    `says` are the sentences around the screen, which a reply to several messages collects.
    """

    shown: tuple[Shown, ...] = ()
    toast: str | None = None
    commands: tuple[Command, ...] | None = None
    person: int | None = None
    answered: tuple[int, str] | None = None
    delay: float = 0.0
    says: tuple[str, ...] = ()
