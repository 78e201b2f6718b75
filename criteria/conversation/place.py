"""Where a person stands in a report, as plain data that survives a JSON round trip."""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from criteria.answers import CountingMethod, Value

Screen = Literal[
    "home",  # no report open
    "ask",  # the question itself
    "total",  # the numerator is given, the total is asked
    "fix_total",  # the total shown is wrong: the right pair is asked
    "confirm",  # what was read is shown and asked
    "explain",  # the definition beside the question
    "more",  # the rarer choices of a question
    "evidence",  # a photo, a file or a link is awaited
    "difficulty",  # a sentence on what stands in the way is awaited
    "summary",  # all answers
    "gaps",  # the warning before sending with gaps
    "rest",  # the evening's one question is dealt with: no more is asked today
]


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator as this unit is asked for it now."""

    code: str
    kind: str  # the key of its class in criteria.kinds
    expected: int | None = None  # today's total, where one is known
    commune_total: int | None = None  # the commune's own figure, to notice another total
    own_total: int | None = None  # the reporter's total, where it isn't the commune's
    last: Value | None = None  # what counted in an earlier round
    answer: Value | None = None  # what stands in this report
    unknown: bool = False  # "chưa biết" was said
    returned: bool = False  # the officer asks for it again
    by_other: bool = False  # the standing answer is another member's
    wants_evidence: bool = False
    named: bool | None = None  # by the return that stands; None while there is none

    @property
    def open(self) -> bool:
        """Whether it is still to be asked."""
        missing = self.answer is None and not self.unknown
        # After a return only what it names is asked, not what was left open before.
        return self.returned or (missing and self.named is not False)

    @property
    def total(self) -> int | None:
        """The total to ask the numerator over; a total of 0 is no total to ask over."""
        return self.own_total or self.expected or None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was read of a question in a whole report and isn't kept: it is asked in its turn.

    With `pending` it is confirmed, with `numerator` its total is asked, else the question itself.
    """

    code: str
    numerator: int | None = None
    pending: Value | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The screen, the question it is about, and what is half said there."""

    screen: Screen = "home"
    code: str | None = None
    numerator: int | None = None  # on "total"
    own_total: int | None = None  # the reporter's own total, said on "fix_total"
    pending: Value | None = None  # on "confirm"
    doubts: tuple[str, ...] = ()  # why it is confirmed
    later: tuple[str, ...] = ()  # put off; asked once more before the summary
    back_to: str | None = None  # a question's code or "summary", after a correction
    how: CountingMethod | None = None  # on "confirm" and "total": how the number was come by
    photo: str | None = None  # on "difficulty": the photo that came before its sentence
    alone: bool = False  # the evening's one question: nothing is asked after it by itself
    waiting: tuple[Waiting, ...] = ()  # of a whole report: asked one by one before anything else
    sends: bool = False  # "gửi luôn": the report is sent after the last of them

    def at(self, code: str) -> "Place":
        """The plain question `code`, keeping only what outlives a question."""
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

    def at_waiting(self, first: Waiting) -> "Place":
        """Where the first of what waits is asked."""
        screen: Screen = "ask" if first.numerator is None else "total"
        return replace(
            self.at(first.code),
            screen="confirm" if first.pending is not None else screen,
            numerator=first.numerator,
            pending=first.pending,
            doubts=first.doubts,
            back_to=None,
            waiting=tuple(one for one in self.waiting if one.code != first.code),
        )

    def on(self, screen: Screen) -> "Place":
        """Another screen of the same question."""
        return replace(
            self, screen=screen, pending=None, doubts=(), numerator=None, how=None, photo=None
        )

    def to_summary(self) -> "Place":
        """The summary; what was put off has been asked again by then."""
        return Place("summary")

    def to_json(self) -> str:
        """The place with its version, for the database."""
        return f'{{"v":1,"place":{_ADAPTER.dump_json(self).decode()}}}'

    @classmethod
    def from_json(cls, text: str | None) -> "Place":
        """The place as it was kept; what can't be read is the home screen, never an error."""
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
