"""The API calls that answer people, built from plain data.

PTB's objects for keyboards and returned messages cost more time than the call itself
(docs/performance.md). Of PTB only the client, the errors and the rate limiter interface are used.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.messengers import SentMessage
from bot.telegram.limiter import Limiter
from bot.telegram.transport import plain_data
from handlers.flow.channel import Screen
from handlers.texts import without_tags

log = structlog.get_logger(__name__)

LONGEST_TEXT = 4096
LONGEST_TOAST = 200
UNREADABLE = ("can't parse entities", "message is too long", "message_too_long")
_NO_PREVIEW = {"is_disabled": True}


class Calls:
    """Four methods of the Bot API. They raise PTB's errors; the limiter notes each RetryAfter."""

    def __init__(self, bot: ExtBot[str], limiter: Limiter) -> None:
        self._bot = bot
        self._limiter = limiter

    async def send(
        self, chat: str, screen: Screen, topic: int | None = None, *, bulk: bool = False
    ) -> SentMessage:
        """Send a screen as a new message, into `topic` of the chat if it is given."""
        where = {} if topic is None else {"message_thread_id": topic}
        message = await self._show("sendMessage", chat, screen, where, bulk=bulk)
        return SentMessage(str(message["message_id"]), _time(message["date"]))

    async def edit(self, chat: str, message: str, screen: Screen) -> SentMessage:
        """Replace the screen that a message shows."""
        given = {"message_id": int(message)}
        edited = await self._show("editMessageText", chat, screen, given)
        return SentMessage(message, _time(edited.get("edit_date") or edited["date"]), replaced=True)

    async def remove_keyboard(self, chat: str, message: str) -> None:
        """Remove a message's buttons."""
        given = {"chat_id": int(chat), "message_id": int(message)}
        await self._call("editMessageReplyMarkup", chat, given)

    async def answer(self, query: str, toast: str | None) -> None:
        """Answer a callback query, with a toast if there is one."""
        text = {"text": toast[:LONGEST_TOAST]} if toast else {}
        await self._call("answerCallbackQuery", None, {"callback_query_id": query, **text})

    async def _show(
        self, method: str, chat: str, screen: Screen, more: Mapping[str, Any], *, bulk: bool = False
    ) -> Any:  # noqa: ANN401 - Telegram's JSON
        """Send the screen as HTML; if Telegram can't parse it, log that and send plain text."""
        given = {"chat_id": int(chat), **more, "link_preview_options": _NO_PREVIEW}
        buttons = keyboard(screen)
        if buttons is not None:
            given["reply_markup"] = buttons
        try:
            text = {"text": screen.text, "parse_mode": "HTML"}
            return await self._call(method, chat, {**given, **text}, bulk=bulk)
        except BadRequest as error:
            if not any(sign in str(error).lower() for sign in UNREADABLE):
                raise
            log.warning("screen refused, sent as plain text", reason=reason(error))
            bare = {"text": without_tags(screen.text)[:LONGEST_TEXT]}
            return await self._call(method, chat, {**given, **bare}, bulk=bulk)

    async def _call(
        self, method: str, chat: str | None, given: Mapping[str, Any], *, bulk: bool = False
    ) -> Any:  # noqa: ANN401 - Telegram's JSON
        address, data = f"{self._bot.base_url}/{method}", plain_data(given)
        return await self._limiter.make_call(
            method, lambda: self._bot.request.post(address, data), chat, bulk=bulk
        )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def keyboard(screen: Screen) -> dict[str, Any] | None:
    """Return the screen's buttons as an InlineKeyboardMarkup; None without buttons."""
    rows = [
        [
            {"text": one.label, "url": one.url}
            if one.url
            else {"text": one.label, "callback_data": one.data}
            for one in row
        ]
        for row in screen.rows
        if row
    ]
    return {"inline_keyboard": rows} if rows else None


def reason(error: TelegramError) -> str:
    """Return Telegram's error without the part that may quote a person's text."""
    return f"{type(error).__name__}: {str(error).split(':')[0][:80]}"
