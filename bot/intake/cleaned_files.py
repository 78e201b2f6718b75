"""What evidence and photos of difficulties have in common: size, patience, and what they need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.service.clock import Clock
from handlers.flow.deployment import Deployment
from handlers.report.attachment_rules import LARGEST
from storage.engine.database import Database
from storage.fetching import ToFetch

TRIED_FOR = timedelta(days=1)
LEAST_TRIES = 12  # these take more than three hours, so a wrong clock alone gives up no file


@dataclass(frozen=True)
class CleanedFiles:
    """The base of the file kinds that are cleaned and stored in `_folder`.

    A kind calls `_message_added` after it added to the outbox.
    """

    largest = LARGEST

    _database: Database
    _clock: Clock
    _folder: Path
    _deployment: Deployment
    _message_added: Callable[[], None]

    def given_up(self, row: ToFetch, now: datetime) -> bool:
        """Return whether the failed attempt was the last one of a day."""
        return row.tries + 1 >= LEAST_TRIES and now - row.given_at >= TRIED_FOR
