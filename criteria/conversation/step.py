"""The result of a move: the new place, the changes to store, the sentences to show."""

from dataclasses import dataclass, field

from criteria.answers import CountingMethod, Value
from criteria.conversation.place import Place


@dataclass(frozen=True, slots=True)
class Put:
    """Store an answer. A value of None means "chưa biết" (not known).

    `unchanged`: the value of the last round was kept together with others.
    """

    code: str
    value: Value | None
    commune_total: int | None = None  # the commune's total, if the reporter's differs from it
    how: CountingMethod | None = None  # the counting method, if it is known
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Restore the answer that was stored before the person's last change."""

    code: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send the report."""


Change = Put | Undo | Send


@dataclass(frozen=True, slots=True)
class Feedback:
    """A sentence to show, by its reason code, about a question and perhaps a value."""

    reason: str
    code: str | None = None
    value: Value | None = None
    count: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The result of one move."""

    place: Place
    changes: tuple[Change, ...] = ()
    feedback: tuple[Feedback, ...] = field(default=())
