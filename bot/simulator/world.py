"""The simulated Telegram: one bot, telephones, messages, updates, files, faults; all in memory.

What people do stands here (`send_text`, `press`, …), what the bot does in the modules of methods.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.simulator.entities import find_entities
from bot.simulator.faults import Faults
from bot.simulator.files import FileStore
from bot.simulator.floods import Floods
from bot.simulator.journal import Bell, Journal
from bot.simulator.menus import Menus
from bot.simulator.telephone import Entry, Message, Telephone
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhook import Webhook

MAX_TEXT = 4096
MAX_CAPTION = 1024
QUERY_LIFETIME = timedelta(seconds=15)
_KEEP_QUERIES = 10_000


class Impossible(ValueError):  # noqa: N818 - a refusal to the person
    """A telephone cannot do this (no such message, no such button, the bot is blocked)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time to which the page can move the clock."""

    key: str
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call as it was taken: `code` is 200 or the error's."""

    method: str
    chat: int | None
    size: int
    at: float
    code: int


@dataclass(frozen=True, slots=True)
class Query:
    """A press that the bot has not answered."""

    phone: int
    at: datetime


class World:
    """Everything the simulator knows. Memory is bounded by the `keep_…` arguments."""

    def __init__(
        self,
        token: str = "123456789:simulator-token-of-nobody-0000000000",  # noqa: S107 - not a secret
        username: str = "smart_commune_bot",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        name: str = "Smart Commune",
        zone: tzinfo = UTC,
        moments: Callable[[], list[Moment]] = list,
        move_clock: Callable[[datetime], Awaitable[None]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        keep_messages: int = 1000,
        keep_events: int = 5000,
        keep_calls: int = 200_000,
        keep_file_bytes: int = 256 * 1024 * 1024,
    ) -> None:
        self.token = token
        self.now = now
        self.zone = zone
        self.moments = moments
        self.move_clock = move_clock
        self.bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.phones: dict[int, Telephone] = {}
        self.bell = Bell()
        self.updates = UpdateQueue(self.bell)
        self.journal = Journal(self.bell, keep_events)
        self.files = FileStore(keep_file_bytes)
        self.menus = Menus()
        self.faults = Faults()
        self.floods = Floods(monotonic)
        self.webhook = Webhook()
        self.calls: deque[Call] = deque(maxlen=keep_calls)
        self.queries: dict[str, Query] = {}
        self.closing = False
        self._monotonic = monotonic
        self._keep_messages = keep_messages
        self._next_query = 4_000_000_000_000_001
        self._next_phone = 5_000_001

    # --- telephones -------------------------------------------------------------------------

    def add_phone(
        self,
        name: str,
        language: str | None = "vi",
        *,
        label: str | None = None,
        start: str | None = None,
        username: str | None = None,
        user_id: int | None = None,
    ) -> Telephone:
        """A new telephone. It has not started the bot; `start` is its deep link's payload."""
        number = self._next_phone if user_id is None else user_id
        self._next_phone = max(self._next_phone, number) + 1
        phone = Telephone(number, name, label, language, username, start)
        self.phones[number] = phone
        self.note_phone(phone)
        return phone

    def phone(self, number: int) -> Telephone:
        """The telephone of this id."""
        try:
            return self.phones[number]
        except KeyError:
            raise Impossible(f"there is no phone {number}") from None

    def note_phone(self, phone: Telephone) -> None:
        """Tell the page that a phone came or changed."""
        self.journal.add("phone", phone.id, **phone.described())

    # --- what people do ---------------------------------------------------------------------

    def start(self, number: int, payload: str | None = None) -> list[Message]:
        """Press START, or open the deep link with this payload."""
        return self.send_text(number, f"/start {payload}" if payload else "/start")

    def send_text(self, number: int, text: str, reply_to: int | None = None) -> list[Message]:
        """Write to the bot; a long text goes out in pieces, as from a real telephone."""
        phone = self._writer(number)
        text = text.strip()
        if not text:
            raise Impossible("an empty text is not sent")
        pieces = [text[at : at + MAX_TEXT] for at in range(0, len(text), MAX_TEXT)]
        return [
            self._from_person(phone, {"text": piece, **_entities("entities", piece)}, reply_to)
            for piece in pieces
        ]

    def send_file(
        self,
        number: int,
        kind: str,
        content: bytes,
        *,
        name: str | None = None,
        media_type: str | None = None,
        caption: str | None = None,
    ) -> Message:
        """Send a photo, document, voice, sticker or video."""
        phone = self._writer(number)
        body = self._media(kind, content, name, media_type)
        if caption:
            body |= {"caption": caption, **_entities("caption_entities", caption)}
        return self._from_person(phone, body, None)

    def _media(
        self, kind: str, content: bytes, name: str | None, media_type: str | None
    ) -> dict[str, Any]:
        if kind == "photo":
            return {"photo": self.files.photo_sizes(content)}
        if kind not in {"document", "voice", "sticker", "video"}:
            raise Impossible(f"a phone does not send a {kind}")
        file = self.files.add(kind, content, name, media_type)
        shapes: dict[str, dict[str, Any]] = {
            "document": {"file_name": name, "mime_type": media_type},
            "voice": {"duration": 3, "mime_type": media_type or "audio/ogg"},
            "video": {"width": 640, "height": 360, "duration": 3, "mime_type": "video/mp4"},
            "sticker": {
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
            },
        }
        known = {key: value for key, value in shapes[kind].items() if value is not None}
        return {kind: {**file.described(), **known}}

    def edit_text(self, number: int, message_id: int, text: str) -> Message:
        """Change a message of one's own (its text or caption)."""
        phone = self._writer(number)
        entry = phone.entries.get(message_id)
        if entry is None or not entry.mine:
            raise Impossible(f"message {message_id} is not one's own")
        field = "text" if "text" in entry.message else "caption"
        kept = {
            key: value
            for key, value in entry.message.items()
            if key not in {"text", "caption", "entities", "caption_entities"}
        }
        entities = "entities" if field == "text" else "caption_entities"
        entry.message = {
            **kept,
            "edit_date": self.stamp(),
            field: text,
            **_entities(entities, text),
        }
        entry.edited = True
        self.journal.add("edit", number, **entry.described())
        self.updates.add("edited_message", entry.message)
        return entry.message

    def press(self, number: int, message_id: int, data: str, *, force: bool = False) -> str:
        """Press a button; the query's id. `force` allows data which no button ever had."""
        phone = self._writer(number)
        entry = phone.entries.get(message_id)
        if not force:
            if entry is None:
                raise Impossible(f"message {message_id} is not there")
            if data not in entry.offered:
                raise Impossible("the message has no such button")
        query = str(self._next_query)
        self._next_query += 1
        self.queries[query] = Query(number, self.now())
        if len(self.queries) > _KEEP_QUERIES:
            del self.queries[next(iter(self.queries))]
        gone = {"message_id": message_id, "chat": phone.chat(), "date": 0}
        self.updates.add(
            "callback_query",
            {
                "id": query,
                "from": phone.user(),
                "message": entry.message if entry is not None else gone,
                "chat_instance": str(-(number * 7919 + 104_729)),
                "data": data,
            },
        )
        return query

    def block(self, number: int, blocked: bool) -> None:
        """Block the bot, or let it in again."""
        phone = self.phone(number)
        if phone.blocked == blocked:
            return
        phone.blocked = blocked
        self.note_phone(phone)
        if not phone.started:
            return
        was, becomes = ("member", "kicked") if blocked else ("kicked", "member")
        self.updates.add(
            "my_chat_member",
            {
                "chat": phone.chat(),
                "from": phone.user(),
                "date": self.stamp(),
                "old_chat_member": self._membership(was),
                "new_chat_member": self._membership(becomes),
            },
        )

    def _membership(self, status: str) -> dict[str, Any]:
        member: dict[str, Any] = {"user": self.bot, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        return member

    def _writer(self, number: int) -> Telephone:
        phone = self.phone(number)
        if phone.blocked:
            raise Impossible("the phone has blocked the bot")
        return phone

    def _from_person(self, phone: Telephone, body: dict[str, Any], reply_to: int | None) -> Message:
        if not phone.started:
            phone.started = True
            self.note_phone(phone)
        if reply_to is not None and (answered := phone.entries.get(reply_to)) is not None:
            quoted: dict[str, Any] = {"reply_to_message": _without_reply(answered.message)}
            body = quoted | body
        message = self.put(phone, phone.user(), body, mine=True).message
        self.updates.add("message", message)
        return message

    # --- what stands in the chats -----------------------------------------------------------

    def put(
        self, phone: Telephone, sender: dict[str, Any], body: dict[str, Any], *, mine: bool
    ) -> Entry:
        """A new message at the end of the chat."""
        number = phone.next_message
        phone.next_message += 1
        message = {
            "message_id": number,
            "from": sender,
            "chat": phone.chat(),
            "date": self.stamp(),
            **body,
        }
        entry = phone.entries[number] = Entry(message, mine)
        while len(phone.entries) > self._keep_messages:
            del phone.entries[next(iter(phone.entries))]
        self.journal.add("message", phone.id, **entry.described())
        return entry

    def stamp(self) -> int:
        """The time of the simulated Telegram in seconds."""
        return int(self.now().timestamp())

    def record(self, method: str, chat: int | None, size: int, code: int) -> None:
        """Remember a call for those who count."""
        self.calls.append(Call(method, chat, size, self._monotonic(), code))

    def count(self, method: str, code: int = 200) -> int:
        """How many calls of a method ended so."""
        return sum(1 for call in self.calls if call.method == method and call.code == code)

    def open(self) -> None:
        """Let polls and streams wait (again, after a close)."""
        self.closing = False
        self.updates.closed = False

    def close(self) -> None:
        """End the long polls and the event streams, so that the server can stop."""
        self.closing = True
        self.updates.closed = True
        self.bell.ring()


def _entities(field: str, text: str) -> dict[str, Any]:
    found = find_entities(text, [])
    return {field: found} if found else {}


def _without_reply(message: Message) -> Message:
    return {key: value for key, value in message.items() if key != "reply_to_message"}
