"""What a step gives: the new place, what is to be stored, what is to be said."""

from dataclasses import dataclass, field

from criteria.answers import CountingMethod, Value
from criteria.conversation.place import Place


@dataclass(frozen=True, slots=True)
class Put:
    """Store an answer; a value of None is "chưa biết".

    `unchanged`: it was kept from the last period together with others.
    """

    code: str
    value: Value | None
    commune_total: int | None = None  # the commune's own total where the reporter's differs
    how: CountingMethod | None = None  # how the number was come by, where that is known
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Restore what stood before the person's last change."""

    code: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send the report."""


Change = Put | Undo | Send


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence to say, by its reason code, about a question and perhaps a value."""

    reason: str
    code: str | None = None
    value: Value | None = None
    count: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one move."""

    place: Place
    changes: tuple[Change, ...] = ()
    says: tuple[Said, ...] = field(default=())
