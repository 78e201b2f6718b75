"""A light model of Telegram with people who answer, fast enough not to be the limit itself.

The simulator checks every call against the Bot API, which costs more than the whole work of a bot.
This model keeps only what the measurement needs: who was asked, when, and what the person does
next. The people follow a script; each step follows the screen of the step before.
"""

import asyncio
import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "123456:bench"
FIRST = 700_100_001
ME = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
SCREENS = frozenset({"sendmessage", "editmessagetext"})


@dataclass(frozen=True)
class Step:
    """A step of a person: type these words, or press the button with them."""

    words: str
    press: bool = False
    answer: bool = True  # whether it answers a question


@dataclass
class Person:
    """One telephone: the step of its owner, and the newest keyboard."""

    id: int
    step: int = 0
    keyboard: list[dict[str, str]] = field(default_factory=list)
    message: int = 0  # the message with the keyboard
    given_at: float = 0.0
    waits: bool = False  # for a screen


@dataclass
class Course:
    """The measurement: seconds from an update to the screen that answers it."""

    waits: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    sent: int = 0  # bytes of the calls
    answers: int = 0
    began: float = 0.0
    ended: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / (self.ended - self.began)


class Model:
    """Telegram and its people, who repeat the script."""

    def __init__(self, script: Sequence[Step]) -> None:
        self._script = script
        self._left: deque[int] = deque()
        self._people: dict[int, Person] = {}
        self._gap = 0.0
        self._next_at = 0.0
        self._number = 1000
        self._message = 5000
        self._waiting: deque[dict[str, Any]] = deque()
        self._given = asyncio.Event()
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._webhook = ""
        self.polled = asyncio.Event()
        self.deliver: Callable[[dict[str, Any]], None] | None = None  # to a webhook
        self.course = Course()

    async def run(self, people: range, at_once: int, rate: float | None = None) -> Course:
        """Let so many people answer concurrently until all are done.

        With `rate` no more than so many updates a second are given, evenly. Raises AssertionError
        when a screen lacks the button that the script presses.
        """
        self._left.extend(people)
        self._gap = 1 / rate if rate else 0.0
        self._done = asyncio.get_running_loop().create_future()
        self.course = Course(began=time.perf_counter())
        for _ in range(min(at_once, len(self._left))):
            self._following()
        await self._done
        return self.course

    # --- people -----------------------------------------------------------------------------

    def _following(self) -> None:
        if self._left:
            person = Person(self._left.popleft())
            self._people[person.id] = person
            self._act(person)
        elif not self._people:
            self.course.ended = time.perf_counter()
            self._done.set_result(None)

    def _act(self, person: Person) -> None:
        person.waits = True
        if not self._gap:
            self._give(person)
            return
        now = time.perf_counter()
        self._next_at = max(self._next_at + self._gap, now)
        asyncio.get_running_loop().call_later(self._next_at - now, self._give, person)

    def _give(self, person: Person) -> None:
        step = self._script[person.step]
        person.given_at = time.perf_counter()
        user = {"id": person.id, "is_bot": False, "first_name": "Người", "language_code": "vi"}
        chat = {"id": person.id, "type": "private", "first_name": "Người"}
        self._number += 1
        self._message += 1
        update: dict[str, Any] = {"update_id": self._number}
        if step.press:
            data = next(
                (one["callback_data"] for one in person.keyboard if step.words in one["text"]), None
            )
            if data is None:
                self._fail(f"no button {step.words}: {person.keyboard}")
                return
            message = {
                "message_id": person.message,
                "chat": chat,
                "from": ME,
                "date": int(time.time()),
            }
            message |= {"text": "…", "reply_markup": {"inline_keyboard": [person.keyboard]}}
            update["callback_query"] = {
                "id": str(self._number),
                "from": user,
                "message": message,
                "chat_instance": "1",
                "data": data,
            }
        else:
            update["message"] = {
                "message_id": self._message,
                "from": user,
                "chat": chat,
                "date": int(time.time()),
                "text": step.words,
            }
            if step.words.startswith("/"):
                command = {"type": "bot_command", "offset": 0, "length": len(step.words)}
                update["message"]["entities"] = [command]
        if self.deliver is not None:
            self.deliver(update)
        else:
            self._waiting.append(update)
            self._given.set()

    def _fail(self, why: str) -> None:
        if not self._done.done():
            self._done.set_exception(AssertionError(why))

    def _shown(self, chat: int, message: int, keyboard: list[dict[str, str]]) -> None:
        person = self._people.get(chat)
        if person is None or not person.waits:
            return
        person.message, person.keyboard, person.waits = message, keyboard, False
        self.course.waits.append(time.perf_counter() - person.given_at)
        self.course.answers += self._script[person.step].answer
        person.step += 1
        if person.step < len(self._script):
            self._act(person)
        else:
            del self._people[chat]
            self._following()

    # --- calls ------------------------------------------------------------------------------

    async def call(self, method: str, body: bytes, form: bool) -> bytes:
        """Answer one call."""
        if method == "getupdates":
            return await self._updates(body, form)
        self.course.calls[method] += 1
        self.course.sent += len(body)
        if method in SCREENS:
            return self._screen(method, body, form)
        if method == "getme":
            return _answer(ME)
        if method == "setwebhook":
            self._webhook = _read(body, form)["url"]
        if method == "getwebhookinfo":
            told = {"url": self._webhook, "has_custom_certificate": False}
            return _answer({**told, "pending_update_count": 0})
        return _answer(True)

    async def _updates(self, body: bytes, form: bool) -> bytes:
        self.polled.set()
        if not self._waiting:
            self._given.clear()
            try:
                async with asyncio.timeout(_read(body, form).get("timeout", 0) or 0.01):
                    await self._given.wait()
            except TimeoutError:
                pass
        batch = [self._waiting.popleft() for _ in range(min(100, len(self._waiting)))]
        return _answer(batch)

    def _screen(self, method: str, body: bytes, form: bool) -> bytes:
        given = _read(body, form)
        chat = int(given["chat_id"])
        message = int(given.get("message_id", 0))
        if method == "sendmessage":
            self._message += 1
            message = self._message
        markup = given.get("reply_markup") or {"inline_keyboard": []}
        asyncio.get_running_loop().call_soon(
            self._shown, chat, message, [one for row in markup["inline_keyboard"] for one in row]
        )
        return _answer(
            {
                "message_id": message,
                "from": ME,
                "chat": {"id": chat, "type": "private", "first_name": "Người"},
                "date": int(time.time()),
                "text": given["text"],
                "reply_markup": markup,
            }
        )


def _answer(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _read(body: bytes, form: bool) -> dict[str, Any]:
    if not form:
        read: dict[str, Any] = json.loads(body or b"{}")
    else:
        read = dict(parse_qsl(body.decode(), strict_parsing=False))
    markup = read.get("reply_markup")
    if isinstance(markup, str):
        read["reply_markup"] = json.loads(markup)
    if "timeout" in read:
        read["timeout"] = float(read["timeout"])
    return read


_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Talk(asyncio.Protocol):
    """As much of HTTP/1.1 as the measured clients use."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._buffer = b""
        self._transport: asyncio.Transport
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            size = int(found[1]) if found else 0
            if len(self._buffer) < end + 4 + size:
                return
            body = self._buffer[end + 4 : end + 4 + size]
            self._buffer = self._buffer[end + 4 + size :]
            method = head.split(b" ", 2)[1].rsplit(b"/", 1)[1].decode().lower()
            form = b"x-www-form-urlencoded" in head.lower()
            task = asyncio.get_running_loop().create_task(self._reply(method, body, form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reply(self, method: str, body: bytes, form: bool) -> None:
        answer = await self._model.call(method, body, form)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}"
        self._transport.write(head.encode() + b"\r\n\r\n" + answer)
