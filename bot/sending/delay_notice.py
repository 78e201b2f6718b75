"""One sentence to a person whose message has to wait, so that nobody writes into silence.

Said at most once in a while in each chat: a thousand messages get one sentence.
"""

import json
import time

import structlog

from bot.operations.logs import report
from bot.service.tasks import Tasks
from bot.telegram.channel import TelegramChannel
from bot.telegram.updates import decode
from handlers.texts import language_of, texts_of
from storage.inbox import Update

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 600.0


class WaitingWord:
    """Says why it takes longer; the text's key is what is remembered for each chat."""

    def __init__(self, channel: TelegramChannel, tasks: Tasks) -> None:
        self._channel = channel
        self._tasks = tasks
        self._said: dict[tuple[str, str], float] = {}  # when, the oldest first

    def say(self, update: Update, key: str) -> None:
        """Say the sentence in the update's chat, unless it was said there not long ago."""
        now = time.monotonic()
        while self._said and next(iter(self._said.values())) <= now - SECONDS_BETWEEN:
            del self._said[next(iter(self._said))]
        if (update.chat, key) not in self._said:
            self._said[update.chat, key] = now
            self._tasks.start(self._say(update, key), "waiting word")

    async def _say(self, update: Update, key: str) -> None:
        try:
            decoded = decode(json.loads(update.payload))
        except Exception as error:  # noqa: BLE001 - whoever handles it finds out and tells
            report(log, "update not read", error, update=update.update_id)
            return
        if decoded is not None and decoded.incoming.kind not in {"blocked", "unblocked"}:
            texts = texts_of(language_of(decoded.incoming.sender.language))
            await self._channel.say(update.chat, texts.say(key), topic=decoded.topic)
