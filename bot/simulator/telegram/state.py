"""The state of the simulated Telegram: one bot, telephones, messages, updates, files, faults.

It is in memory only. The module `world` has what people do with their telephones.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.simulator.faults import Faults
from bot.simulator.files import FileStore
from bot.simulator.guests import Guests
from bot.simulator.journal import Bell, Journal
from bot.simulator.refusal import Impossible
from bot.simulator.telegram.floods import Floods
from bot.simulator.telegram.menus import Menus
from bot.simulator.telegram.telephone import ChatMessage, Telephone
from bot.simulator.telegram.updates import UpdateQueue, Webhook

MAX_TEXT = 4096
MAX_CAPTION = 1024
QUERY_LIFETIME = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time to which the page can move the clock."""

    key: str
    label: Mapping[str, str]  # by language
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A web page of the bot that opens next to the telephones, signed in as one of its people."""

    key: str
    label: Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call that was answered; `code` is 200 or the error's code."""

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


class State:
    """All data of the simulated Telegram. The `keep_…` arguments limit the memory that it uses."""

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
        switch_bot: Callable[[bool], Awaitable[None]] | None = None,
        start_again: Callable[[], Awaitable[None]] | None = None,
        speak: Callable[[str], Awaitable[None]] | None = None,
        boards: Callable[[], list[LinkedPage]] = list,
        open_board: Callable[[str], Awaitable[str]] | None = None,
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
        self.switch_bot = switch_bot
        self.start_again = start_again
        self.speak = speak
        self.boards = boards
        self.open_board = open_board
        self.language: str | None = None  # until somebody chooses one on the page
        self.bot_on = True  # until note_bot() says that it is switched off
        self.bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.guests: Guests | None = None  # telephones of another messenger, on the same page
        self.bell = Bell()
        self.journal = Journal(self.bell, keep_events)
        self.floods = Floods(monotonic)
        self._keep_file_bytes = keep_file_bytes
        self.updates = UpdateQueue(self.bell)
        self.forget()
        self.calls: deque[Call] = deque(maxlen=keep_calls)
        self.closing = False
        self._monotonic = monotonic
        self._keep_messages = keep_messages
        self.next_query = 4_000_000_000_000_001
        self._next_phone = 5_000_001

    def forget(self) -> None:
        """Delete the people, their chats, and what the bot has set."""
        self.phones: dict[int, Telephone] = {}
        self.queries: dict[str, Query] = {}
        self.updates.closed = True  # ends the polls that still wait for the old queue
        self.bell.ring()
        self.updates = UpdateQueue(self.bell)
        self.files = FileStore(self._keep_file_bytes)
        self.menus = Menus()
        self.faults = Faults()
        self.webhook = Webhook()

    # --- telephones -------------------------------------------------------------------------

    def add_phone(
        self,
        name: str,
        language: str | None = "vi",
        *,
        label: Mapping[str, str] | None = None,
        start: str | None = None,
        username: str | None = None,
        user_id: int | None = None,
        shown: bool = True,
    ) -> Telephone:
        """Add a telephone that hasn't started the bot; `start` is its deep link's payload.

        A telephone that isn't shown on the page has started the bot already.
        """
        number = self._next_phone if user_id is None else user_id
        self._next_phone = max(self._next_phone, number) + 1
        phone = Telephone(
            number, name, label, language, username, start, started=not shown, shown=shown
        )
        self.phones[number] = phone
        self.note_phone(phone)
        return phone

    def phone(self, number: int) -> Telephone:
        """Return the telephone with this id."""
        try:
            return self.phones[number]
        except KeyError:
            raise Impossible(f"there is no phone {number}") from None

    def note_phone(self, phone: Telephone) -> None:
        """Tell the page that a telephone was added or has changed."""
        self.journal.add("phone", phone.id, **phone.described())

    # --- messages ---------------------------------------------------------------------------

    def put(
        self, phone: Telephone, sender: dict[str, Any], body: dict[str, Any], *, mine: bool
    ) -> ChatMessage:
        """Add a message to the end of the chat."""
        number = phone.next_message
        phone.next_message += 1
        message = {
            "message_id": number,
            "from": sender,
            "chat": phone.chat(),
            "date": self.stamp(),
            **body,
        }
        entry = phone.entries[number] = ChatMessage(message, mine)
        while len(phone.entries) > self._keep_messages:
            del phone.entries[next(iter(phone.entries))]
        self.journal.add("message", phone.id, **entry.described())
        return entry

    def stamp(self) -> int:
        """Return the time of the simulated Telegram in Unix seconds."""
        return int(self.now().timestamp())

    def note_reload(self) -> None:
        """Tell the page to reload itself, because all data has changed."""
        self.journal.add("reload", None)

    def note_bot(self, on: bool) -> None:
        """Note that the bot was switched off or on, and tell the page."""
        self.bot_on = on
        self.journal.add("bot", None, on=on)

    def record(self, method: str, chat: int | None, size: int, code: int) -> None:
        """Record a call, so that tests can count calls."""
        self.calls.append(Call(method, chat, size, self._monotonic(), code))

    def count(self, method: str, code: int = 200) -> int:
        """Return the number of calls of a method with this result."""
        return sum(1 for call in self.calls if call.method == method and call.code == code)

    def open(self) -> None:
        """Allow polls and streams to wait, at the start or again after close()."""
        self.closing = False
        self.updates.closed = False

    def close(self) -> None:
        """End the long polls and the event streams, so that the server can stop."""
        self.closing = True
        self.updates.closed = True
        self.bell.ring()
