"""The simulated Telegram with what its people do: write, press, edit, send files, block the bot."""

from typing import Any

from bot.simulator.formatting import find_entities
from bot.simulator.refusal import Impossible
from bot.simulator.telegram.state import (
    MAX_CAPTION,
    MAX_TEXT,
    QUERY_LIFETIME,
    LinkedPage,
    Moment,
    Query,
    State,
)
from bot.simulator.telegram.telephone import ChatMessage, Message, Telephone

__all__ = ["MAX_CAPTION", "MAX_TEXT", "QUERY_LIFETIME", "LinkedPage", "Moment", "World"]

_KEEP_QUERIES = 10_000


class World(State):
    """Telegram with the actions of its people; `number` is the id of a telephone."""

    def start(self, number: int, payload: str | None = None) -> list[Message]:
        """Press START, or open the deep link with this payload."""
        return self.send_text(number, f"/start {payload}" if payload else "/start")

    def send_text(self, number: int, text: str, reply_to: int | None = None) -> list[Message]:
        """Send a text to the bot; split a long one into messages, as a real telephone does."""
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
        reply_to: int | None = None,
        album: str | None = None,
    ) -> Message:
        """Send a photo, document, voice, sticker or video; an `album` has the same name for all."""
        phone = self._writer(number)
        body = self._media(kind, content, name, media_type)
        if album:
            body |= {"media_group_id": album}
        if caption:
            body |= {"caption": caption, **_entities("caption_entities", caption)}
        return self._from_person(phone, body, reply_to)

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
        """Edit the text or caption of a message that the person sent."""
        phone = self._writer(number)
        entry = _own(phone, message_id)
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
        self.updates.add("edited_message", entry.message, number)
        return entry.message

    def edit_unchanged(self, number: int, message_id: int) -> Message:
        """Send the bot an edit that changes nothing in a message that the person sent.

        Telegram sends such an edit for a reaction or the preview of a link; nobody sees "edited".
        """
        phone = self._writer(number)
        entry = _own(phone, message_id)
        entry.message = {**entry.message, "edit_date": self.stamp()}
        self.updates.add("edited_message", entry.message, number)
        return entry.message

    def press(self, number: int, message_id: int, data: str, *, force: bool = False) -> str:
        """Press a button; return the query's id. `force` allows data that no button ever had."""
        phone = self._writer(number)
        entry = phone.entries.get(message_id)
        if not force:
            if entry is None:
                raise Impossible(f"message {message_id} is not there")
            if data not in entry.offered:
                raise Impossible("the message has no such button")
        query = str(self.next_query)
        self.next_query += 1
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
            number,
        )
        return query

    def block(self, number: int, blocked: bool) -> None:
        """Block or unblock the bot."""
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
            number,
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
        self.updates.add("message", message, phone.id)
        return message


def _entities(field: str, text: str) -> dict[str, Any]:
    found = find_entities(text, [])
    return {field: found} if found else {}


def _own(phone: Telephone, message_id: int) -> ChatMessage:
    entry = phone.entries.get(message_id)
    if entry is None or not entry.mine:
        raise Impossible(f"message {message_id} is not one's own")
    return entry


def _without_reply(message: Message) -> Message:
    return {key: value for key, value in message.items() if key != "reply_to_message"}
