"""The place of a person in a report, as plain data that can be stored as JSON."""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from criteria.answers import CountingMethod, Value

Screen = Literal[
    "home",  # no report open
    "ask",  # the question itself
    "total",  # the numerator is known, the total is asked
    "fix_total",  # the shown total is wrong: the right total is asked
    "confirm",  # the value that was read is shown for confirmation
    "explain",  # the definition of the question
    "more",  # further choices of a question
    "evidence",  # the bot waits for a photo, a file or a link
    "difficulty",  # the bot waits for a sentence that describes a difficulty
    "summary",  # all answers
    "gaps",  # the warning before a report with gaps is sent
    "rest",  # the evening's question is answered: no more is asked today
]


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator as it is asked of this unit now."""

    code: str
    kind: str  # the key of its class in criteria.kinds
    expected: int | None = None  # today's total, where one is known
    commune_total: int | None = None  # the commune's own figure, to detect a differing total
    own_total: int | None = None  # the reporter's total, where it differs from the commune's
    last: Value | None = None  # the answer that counted in an earlier round
    answer: Value | None = None  # the answer in this report
    unknown: bool = False  # "chưa biết" was answered
    returned: bool = False  # an officer asks for it again
    by_other: bool = False  # the present answer was given by another member
    wants_evidence: bool = False
    # whether the current return names it; None if the report is not returned
    named: bool | None = None

    @property
    def open(self) -> bool:
        """Whether the question must still be asked."""
        missing = self.answer is None and not self.unknown
        # After a return only the questions that it names are asked again.
        return self.returned or (missing and self.named is not False)

    @property
    def total(self) -> int | None:
        """The total shown with the question; a total of 0 is not shown."""
        return self.own_total or self.expected or None


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """A part of a whole report that is not stored yet: its question is asked in its turn.

    With `pending` the value must be confirmed. With `numerator` the total is asked. Otherwise the
    question itself is asked.
    """

    code: str
    numerator: int | None = None
    pending: Value | None = None
    doubts: tuple[str, ...] = ()
    over: Value | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The screen, its question, and what is answered only in part there."""

    screen: Screen = "home"
    code: str | None = None
    numerator: int | None = None  # on "total": the known numerator
    own_total: int | None = None  # the reporter's own total, given on "fix_total"
    pending: Value | None = None  # on "confirm": the value to confirm
    doubts: tuple[str, ...] = ()  # the reasons for the confirmation
    later: tuple[str, ...] = ()  # skipped; asked once more before the summary
    # where to return after a correction: the code of a question, "summary" or "rest"
    back_to: str | None = None
    how: CountingMethod | None = None  # on "confirm" and "total": the counting method
    photo: str | None = None  # on "difficulty": a photo that came before the sentence
    alone: bool = False  # the one question of an evening: no other question follows
    # of a whole report: these questions are asked first, one by one
    waiting: tuple[PendingAnswer, ...] = ()
    sends: bool = False  # "gửi luôn" (send at once): the report is sent after the last of them
    over: Value | None = None  # on "confirm": the other member's answer that it overwrites

    def at(self, code: str) -> "Place":
        """Return the place at the plain question `code`, without the state of other questions."""
        back_to = None if self.back_to == code else self.back_to
        return Place(
            "ask",
            code,
            later=self.later,
            back_to=back_to,
            alone=self.alone,
            waiting=self.waiting,
            sends=self.sends,
        )

    def at_waiting(self, first: PendingAnswer) -> "Place":
        """Return the place at which the first waiting question is asked."""
        screen: Screen = "ask" if first.numerator is None else "total"
        return replace(
            self.at(first.code),
            screen="confirm" if first.pending is not None else screen,
            numerator=first.numerator,
            pending=first.pending,
            doubts=first.doubts,
            over=first.over,
            back_to=None,
            waiting=tuple(one for one in self.waiting if one.code != first.code),
        )

    def on(self, screen: Screen) -> "Place":
        """Return the place on another screen of the same question."""
        return replace(
            self, screen=screen, pending=None, doubts=(), over=None, numerator=None, how=None,
            photo=None,
        )  # fmt: skip

    def to_summary(self) -> "Place":
        """Return the place of the summary; skipped questions were asked again before it."""
        return Place("summary")

    def to_json(self) -> str:
        """Return the place as versioned JSON, in the form in which it is stored."""
        return f'{{"v":1,"place":{_ADAPTER.dump_json(self).decode()}}}'

    @classmethod
    def from_json(cls, text: str | None) -> "Place":
        """Read a stored place. Return the home screen if the text is missing or unreadable."""
        if not text:
            return cls()
        try:
            return _ENVELOPE.validate_json(text).place
        except ValidationError:
            return cls()


@dataclass(frozen=True, slots=True)
class _Envelope:
    v: Literal[1]
    place: Place


_ADAPTER = TypeAdapter(Place)
_ENVELOPE = TypeAdapter(_Envelope)
