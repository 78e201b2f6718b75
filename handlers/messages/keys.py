"""Dedupe keys: what makes a message the only one of its sort, as they stand in the outbox."""

from dataclasses import dataclass
from datetime import date

_SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class DedupeKey:
    """The sort of the message, whom or what it is about, and its day if it is one a day.

    As text: "day:12:2026-03-02", "all_in:4:12".
    """

    sort: str
    about: tuple[int | str, ...]
    day: date | None = None

    def __str__(self) -> str:
        """The form in which it is stored."""
        parts = (self.sort, *self.about, *((self.day.isoformat(),) if self.day else ()))
        return _SEPARATOR.join(str(one) for one in parts)


def day_of(stored: str) -> date | None:
    """The day of a stored key; None for a key without one."""
    try:
        return date.fromisoformat(stored.rpartition(_SEPARATOR)[2])
    except ValueError:
        return None


def key_of_day(person_id: int, day: date) -> DedupeKey:
    """The key of the one scheduled message that a person gets on a day."""
    return DedupeKey("day", (person_id,), day)


def key_of_evening(person_id: int, day: date) -> DedupeKey:
    """The key of the reminder that a person asked for on an evening."""
    return DedupeKey("evening", (person_id,), day)
