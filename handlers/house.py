"""What every turn needs to know of this installation."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class House:
    """The zone of the communes, the bot's user name for links, the operators by setting."""

    zone: ZoneInfo
    bot_username: str
    operator_ids: frozenset[str] = frozenset()
