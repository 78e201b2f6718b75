"""A notice to a person whose message can't be handled at once.

Each chat gets the same notice at most once in ten minutes, however many messages wait.
"""

import json
import time
from collections.abc import Mapping

import structlog

from bot.messengers import Messenger
from bot.operations.logs import report
from bot.service.tasks import Tasks
from handlers.texts import language_of, texts_of
from storage.messages.inbox import Address, Update

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 600.0


class DelayNotice:
    """Sends notices; it remembers when each chat last got each text."""

    def __init__(self, messengers: Mapping[str, Messenger], tasks: Tasks) -> None:
        self._messengers = messengers
        self._tasks = tasks
        self._sent: dict[tuple[Address, str], float] = {}  # the time of sending, oldest first

    def send(self, update: Update, key: str) -> None:
        """Send the notice to the update's chat, unless it got the same one recently."""
        now = time.monotonic()
        # The oldest entries come first, so expired ones are at the front.
        while self._sent and next(iter(self._sent.values())) <= now - SECONDS_BETWEEN:
            del self._sent[next(iter(self._sent))]
        if (update.address, key) not in self._sent:
            self._sent[update.address, key] = now
            self._tasks.start(self._send(update, key), "delay notice")

    async def _send(self, update: Update, key: str) -> None:
        try:
            decoded = self._messengers[update.bot].reader.decode(json.loads(update.payload))
        except Exception as error:  # noqa: BLE001 - the dispatcher reports it when it handles the update
            report(log, "update not read", error, update=update.identity)
            return
        if decoded is not None and decoded.incoming.kind not in {"blocked", "unblocked"}:
            texts = texts_of(language_of(decoded.incoming.sender.language))
            channel = self._messengers[update.bot].channel
            await channel.say(update.chat, texts.say(key), topic=decoded.topic)
