"""The simulated Zalo with its one bot and the people and groups that write to it. In memory."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.simulator.faults import Faults
from bot.simulator.journal import Bell
from bot.simulator.refusal import Impossible, Refusal
from bot.simulator.zalo.media import MediaStore, id_at, new_id
from bot.simulator.zalo.specification import wrong
from bot.simulator.zalo.telephone import Chat, Entry, Message, Telephone
from bot.simulator.zalo.updates import UpdateQueue, Webhook
from bot.simulator.zalo.web import Web

VIETNAM = timezone(timedelta(hours=7))
QUOTA_EXCEEDED = "Quota exceeded"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bot may do. People beyond the plan are heard, but can't be written to.

    That they are heard is our guess: the number is reported, not what happens beyond it.
    """

    people: int = 50
    groups: int = 3
    messages_a_month: int = 3000


@dataclass(frozen=True, slots=True)
class Variants:
    """Where reports of Zalo disagree.

    `again`: the same event comes on every poll. `wrapped`: a webhook's body is within
    `{"ok": true, "result": …}`. `photo`: the field with a picture's address. `named`: a polled
    event has its `event_name`.
    """

    again: bool = False
    wrapped: bool = False
    photo: str = "photo_url"
    named: bool = True


class World:
    """Zalo as people and their bot meet it; a person or group is named by the id at this bot."""

    def __init__(
        self,
        token: str = "1459232241454765289:simulator-zalo-token-of-nobody",  # noqa: S107 - no secret
        account_name: str = "bot.xaThongMinh",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        plan: Plan | None = None,
        variants: Variants | None = None,
        loopback: bool = False,
        media_lifetime: timedelta = timedelta(days=1),
        keep_media_bytes: int = 64 * 1024 * 1024,
        web: Web | None = None,
    ) -> None:
        self.token = token
        self.account_name = account_name
        self.now = now
        self.plan = plan or Plan()
        self.variants = variants or Variants()
        self.loopback = loopback  # addresses of this machine count as public
        self.web = web or Web()
        self.address = "http://zalo.invalid"  # of this server, where media can be fetched
        self.bell = Bell()
        self.updates = UpdateQueue(self.bell, again=self.variants.again)
        self.media = MediaStore(now, media_lifetime, keep_media_bytes)
        self.webhook = Webhook()
        self.faults = Faults()
        self.phones: dict[str, Telephone] = {}
        self.groups: dict[str, Chat] = {}
        self.calls: Counter[tuple[str, int]] = Counter()
        self.closing = False
        self.on_entry: Callable[[Chat, Entry], None] = lambda _chat, _entry: None
        self._sent: Counter[str] = Counter()  # messages of the bot, by month

    @property
    def bot_id(self) -> str:
        """The bot's id, which its token begins with."""
        return self.token.split(":", maxsplit=1)[0]

    def reset_token(self) -> str:
        """A new token, as from Zalo Bot Creator; the one of before isn't taken any more."""
        self.token = f"{self.bot_id}:{new_id()}{new_id()}"
        return self.token

    # --- people -----------------------------------------------------------------------------

    def add_phone(self, name: str, person: object | None = None) -> Telephone:
        """A telephone that hasn't written to the bot; `person` is who it is at other bots, too."""
        chat = id_at(self.bot_id, new_id() if person is None else person)
        phone = self.phones[chat] = Telephone(chat, name)
        return phone

    def send_text(self, chat: str, text: str, *, event: str = "text") -> Message:
        """Write to the bot. `event` names the kind: a link can come as one of its own."""
        if not text.strip():
            raise Impossible("an empty text is not sent")
        return self._from_person(chat, event, {"text": text})

    def send_photo(
        self, chat: str, content: bytes, caption: str | None = None, media_type: str = "image/jpeg"
    ) -> Message:
        """Send a picture."""
        body = {self.variants.photo: self._stored(content, media_type)}
        if caption:
            body["caption"] = caption
        return self._from_person(chat, "image", body, content)

    def send_voice(self, chat: str, content: bytes) -> Message:
        """Send a voice message."""
        return self._from_person(chat, "voice", {"voice_url": self._stored(content, "audio/aac")})

    def send_sticker(self, chat: str) -> Message:
        """Send a sticker."""
        return self._from_person(chat, "sticker", {"sticker": new_id()})

    def send_other(self, chat: str) -> Message:
        """Send a file, a card or a place: the bot is told that something came, but not what."""
        return self._from_person(chat, "unsupported", {})

    def block(self, chat: str, blocked: bool = True) -> None:
        """Block the bot, or let it in again. The bot isn't told."""
        self._phone(chat).blocked = blocked

    def add_group(self, name: str) -> Chat:
        """Take the bot into a group."""
        if len(self.groups) >= self.plan.groups:
            raise Impossible("the bot is in as many groups as its plan allows")
        group = Chat(id_at(self.bot_id, new_id()), name, "GROUP")
        self.groups[group.id] = group
        return group

    def send_in_group(self, chat: str, group: str, text: str, *, to_bot: bool) -> Message:
        """Write in a group. The bot gets it only when it is mentioned or replied to (`to_bot`)."""
        phone, room = self._phone(chat), self.groups[group]
        return self._put_from(phone, room, "text", {"text": text}, heard=to_bot)

    def _stored(self, content: bytes, media_type: str) -> str:
        return f"{self.address}/media/{self.media.add(content, media_type)}"

    def _phone(self, chat: str) -> Telephone:
        try:
            return self.phones[chat]
        except KeyError:
            raise Impossible(f"there is no telephone {chat}") from None

    def _from_person(
        self, chat: str, event: str, body: dict[str, Any], content: bytes | None = None
    ) -> Message:
        phone = self._phone(chat)
        if phone.blocked:
            raise Impossible("the phone has blocked the bot")
        phone.started = True
        return self._put_from(phone, phone, event, body, content)

    def _put_from(
        self,
        phone: Telephone,
        chat: Chat,
        event: str,
        body: dict[str, Any],
        content: bytes | None = None,
        *,
        heard: bool = True,
    ) -> Message:
        message = {
            "message_id": new_id(),
            "date": self.stamp(),
            "from": phone.sender(),
            "chat": chat.described(),
            **body,
        }
        self._enter(chat, Entry(message, True, content))
        if heard:
            self.updates.add({"event_name": f"message.{event}.received", "message": message})
        return message

    # --- the bot ----------------------------------------------------------------------------

    def chat_to_write_to(self, chat_id: str) -> Chat:
        """The chat; refuses people whom the bot doesn't know, or who have blocked it."""
        chat = self.phones.get(chat_id) or self.groups.get(chat_id)
        if chat is None or (isinstance(chat, Telephone) and not chat.started):
            raise wrong("chat not found")
        if isinstance(chat, Telephone) and chat.blocked:
            raise Refusal(403, "the bot is blocked by the user")
        return chat

    def put(self, chat: Chat, body: dict[str, Any], content: bytes | None = None) -> Message:
        """A message of the bot, while its plan allows one more."""
        month = self.now().astimezone(VIETNAM).strftime("%Y-%m")
        if self._sent[month] >= self.plan.messages_a_month or not self._in_plan(chat):
            raise Refusal(429, QUOTA_EXCEEDED)
        self._sent[month] += 1
        message = {"message_id": new_id(), "date": self.stamp(), **body}
        self._enter(chat, Entry(message, False, content))
        self.bell.ring()
        return message

    def _enter(self, chat: Chat, entry: Entry) -> None:
        chat.entries.append(entry)
        self.on_entry(chat, entry)

    def forget(self) -> None:
        """Nothing is left of people, groups and what they wrote."""
        self.phones.clear()
        self.groups.clear()
        self.updates.polled = False  # who still polls for the events of before gets none of these
        self.bell.ring()
        self.updates = UpdateQueue(self.bell, again=self.variants.again)
        self._sent.clear()

    def _in_plan(self, chat: Chat) -> bool:
        people = [one.id for one in self.phones.values() if one.started]
        return chat.kind == "GROUP" or chat.id in people[: self.plan.people]

    def stamp(self) -> int:
        """The time of the simulated Zalo in milliseconds."""
        return int(self.now().timestamp() * 1000)

    def count(self, method: str, code: int = 200) -> int:
        """How many calls of a method ended so."""
        return self.calls[method, code]

    def open(self) -> None:
        """Let polls wait (again, after a close)."""
        self.closing = False
        self.updates.polled = not self.webhook.url

    def close(self) -> None:
        """End the polls, so that the server can stop."""
        self.closing = True
        self.updates.polled = False
        self.bell.ring()
