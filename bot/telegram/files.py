"""Fetches files that people sent to Telegram's bot."""

from datetime import timedelta

from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.messengers import FileNotFetched, FilePostponed, FileRefused
from bot.telegram.calls import reason
from bot.telegram.limiter import retry_seconds
from handlers.report.attachment_rules import Why

# Errors after which no later attempt can succeed. "wrong file_id or the file is temporarily
# unavailable" isn't one: it also comes for good files (tdlib/telegram-bot-api, issue 32).
_FINAL: dict[str, Why] = {"file is too big": "too_big", "invalid file_id": "not_fetched"}


class TelegramFiles:
    """Fetches files by Telegram's file id."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, reference: str, largest: int) -> bytes:
        """Return the file's content; raise one of the errors of `bot.messengers`."""
        try:
            file = await self._bot.get_file(reference)  # its link is valid for an hour
            content = bytes(await file.download_as_bytearray(read_timeout=60))
        except RetryAfter as error:
            raise FilePostponed(timedelta(seconds=retry_seconds(error))) from error
        except BadRequest as error:
            text = str(error).lower()
            final = next((why for sign, why in _FINAL.items() if sign in text), None)
            if final is not None:
                raise FileRefused(final, reason(error)) from error
            raise FileNotFetched(reason(error)) from error
        except (TelegramError, OSError) as error:
            raise FileNotFetched(type(error).__name__) from error
        if len(content) > largest:
            raise FileRefused("too_big", f"more than {largest} bytes")
        return content
