"""What every turn needs to know of this installation."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from handlers.guesses import Guesses


@dataclass(frozen=True, slots=True)
class House:
    """The zone of the communes, the bot's user name for links, the operators by setting.

    `guesses` counts wrong joining codes; it lives as long as the process.
    """

    zone: ZoneInfo
    bot_username: str
    operator_ids: frozenset[str] = frozenset()
    guesses: Guesses = field(default_factory=Guesses, compare=False)
