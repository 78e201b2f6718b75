"""The simulated Zalo: one bot, and the people and groups that write to it, in memory only."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.simulator.faults import Faults
from bot.simulator.journal import Bell
from bot.simulator.refusal import ApiRefusal, Impossible
from bot.simulator.zalo.media import MediaStore, id_at, new_id
from bot.simulator.zalo.specification import wrong
from bot.simulator.zalo.telephone import Chat, ChatMessage, Message, Telephone
from bot.simulator.zalo.updates import UpdateQueue, Webhook
from bot.simulator.zalo.web import Web

VIETNAM = timezone(timedelta(hours=7))
QUOTA_EXCEEDED = "Quota exceeded"


@dataclass(frozen=True, slots=True)
class BotPlan:
    """The limits of a bot. It gets messages of people beyond the plan, but can't write to them.

    That it gets them is an assumption: the limit is reported, but not what happens beyond it.
    """

    people: int = 50
    groups: int = 3
    messages_a_month: int = 3000


@dataclass(frozen=True, slots=True)
class Variants:
    """The behaviours of Zalo on which reports disagree.

    `again`: each poll returns the same event. `wrapped`: a webhook's body is in
    `{"ok": true, "result": …}`. `photo`: the field with a picture's address. `named`: a polled
    event has an `event_name`.
    """

    again: bool = False
    wrapped: bool = False
    photo: str = "photo_url"
    named: bool = True


class World:
    """The simulated Zalo. `chat` is the id of a person or group at this bot."""

    def __init__(
        self,
        token: str = "1459232241454765289:simulator-zalo-token-of-nobody",  # noqa: S107 - no secret
        account_name: str = "bot.xaThongMinh",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        plan: BotPlan | None = None,
        variants: Variants | None = None,
        loopback: bool = False,
        media_lifetime: timedelta = timedelta(days=1),
        keep_media_bytes: int = 64 * 1024 * 1024,
        web: Web | None = None,
    ) -> None:
        self.token = token
        self.account_name = account_name
        self.now = now
        self.plan = plan or BotPlan()
        self.variants = variants or Variants()
        self.loopback = loopback  # whether addresses of this machine count as public
        self.web = web or Web()
        self.address = "http://zalo.invalid"  # of this server, which also serves the media
        self.bell = Bell()
        self.updates = UpdateQueue(self.bell, again=self.variants.again)
        self.media = MediaStore(now, media_lifetime, keep_media_bytes)
        self.webhook = Webhook()
        self.faults = Faults()
        self.phones: dict[str, Telephone] = {}
        self.groups: dict[str, Chat] = {}
        self.calls: Counter[tuple[str, int]] = Counter()
        self.closing = False
        self.on_entry: Callable[[Chat, ChatMessage], None] = lambda _chat, _entry: None
        self._sent: Counter[str] = Counter()  # messages of the bot, by month

    @property
    def bot_id(self) -> str:
        """The bot's id, which is the first part of its token."""
        return self.token.split(":", maxsplit=1)[0]

    def reset_token(self) -> str:
        """Replace the token, as Zalo Bot Creator does, and return the new one."""
        self.token = f"{self.bot_id}:{new_id()}{new_id()}"
        return self.token

    # --- people -----------------------------------------------------------------------------

    def add_phone(self, name: str, person: object | None = None) -> Telephone:
        """Add a telephone that hasn't written to the bot; `person` is the same at other bots."""
        chat = id_at(self.bot_id, new_id() if person is None else person)
        phone = self.phones[chat] = Telephone(chat, name)
        return phone

    def send_text(self, chat: str, text: str, *, event: str = "text") -> Message:
        """Send a text to the bot. `event` is its kind: Zalo may have one of its own for links."""
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
        """Send a file, a card or a place: the bot gets an event that doesn't say what it is."""
        return self._from_person(chat, "unsupported", {})

    def block(self, chat: str, blocked: bool = True) -> None:
        """Block or unblock the bot, which gets no event."""
        self._phone(chat).blocked = blocked

    def add_group(self, name: str) -> Chat:
        """Add a group with the bot in it."""
        if len(self.groups) >= self.plan.groups:
            raise Impossible("the bot is in as many groups as its plan allows")
        group = Chat(id_at(self.bot_id, new_id()), name, "GROUP")
        self.groups[group.id] = group
        return group

    def send_in_group(self, chat: str, group: str, text: str, *, to_bot: bool) -> Message:
        """Write in a group. The bot gets only messages that mention or answer it (`to_bot`)."""
        phone, group_chat = self._phone(chat), self.groups[group]
        return self._put_from(phone, group_chat, "text", {"text": text}, to_bot=to_bot)

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
        to_bot: bool = True,
    ) -> Message:
        message = {
            "message_id": new_id(),
            "date": self.stamp(),
            "from": phone.sender(),
            "chat": chat.described(),
            **body,
        }
        self._enter(chat, ChatMessage(message, True, content))
        if to_bot:
            self.updates.add({"event_name": f"message.{event}.received", "message": message})
        return message

    # --- the bot ----------------------------------------------------------------------------

    def chat_to_write_to(self, chat_id: str) -> Chat:
        """Return the chat; refuse people who never wrote to the bot, or who have blocked it."""
        chat = self.phones.get(chat_id) or self.groups.get(chat_id)
        if chat is None or (isinstance(chat, Telephone) and not chat.started):
            raise wrong("chat not found")
        if isinstance(chat, Telephone) and chat.blocked:
            raise ApiRefusal(403, "the bot is blocked by the user")
        return chat

    def put(self, chat: Chat, body: dict[str, Any], content: bytes | None = None) -> Message:
        """Add a message of the bot to the chat; refuse it when the plan is used up."""
        month = self.now().astimezone(VIETNAM).strftime("%Y-%m")
        if self._sent[month] >= self.plan.messages_a_month or not self._in_plan(chat):
            raise ApiRefusal(429, QUOTA_EXCEEDED)
        self._sent[month] += 1
        message = {"message_id": new_id(), "date": self.stamp(), **body}
        self._enter(chat, ChatMessage(message, False, content))
        self.bell.ring()
        return message

    def _enter(self, chat: Chat, entry: ChatMessage) -> None:
        chat.entries.append(entry)
        self.on_entry(chat, entry)

    def forget(self) -> None:
        """Delete all people, groups and messages."""
        self.phones.clear()
        self.groups.clear()
        self.updates.polled = False  # ends the polls that still wait for the old queue
        self.bell.ring()
        self.updates = UpdateQueue(self.bell, again=self.variants.again)
        self._sent.clear()

    def _in_plan(self, chat: Chat) -> bool:
        people = [one.id for one in self.phones.values() if one.started]
        return chat.kind == "GROUP" or chat.id in people[: self.plan.people]

    def stamp(self) -> int:
        """Return the time of the simulated Zalo in Unix milliseconds."""
        return int(self.now().timestamp() * 1000)

    def count(self, method: str, code: int = 200) -> int:
        """Return how many calls of a method had this result."""
        return self.calls[method, code]

    def open(self) -> None:
        """Allow polls to wait, at the start or again after close()."""
        self.closing = False
        self.updates.polled = not self.webhook.url

    def close(self) -> None:
        """End the waiting polls, so that the server can stop."""
        self.closing = True
        self.updates.polled = False
        self.bell.ring()
