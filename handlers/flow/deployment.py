"""What every update needs to know of this installation."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from criteria.set_file import SetFile, shipped_sets
from handlers.flow.guesses import Guesses


@dataclass(frozen=True, slots=True)
class Deployment:
    """The zone of the communes, the bot's user name for links, the operators by setting.

    `sets` are the criteria sets a round can be opened with. `guesses` counts wrong joining codes;
    it lives as long as the process. `room` gives the bytes that are free for files.
    Evidence is kept for some months after its round's close; who reported and what people wrote,
    for some years.
    """

    zone: ZoneInfo
    bot_username: str
    operator_ids: frozenset[str] = frozenset()
    sets: tuple[SetFile, ...] = field(default_factory=shipped_sets)
    guesses: Guesses = field(default_factory=Guesses, compare=False)
    room: Callable[[], int] = field(default=lambda: sys.maxsize, compare=False)
    evidence_months: int = 24
    round_years: int = 10
