"""The interface of a kind of indicator, and the registry of the kinds.

This module imports neither the conversation nor the scoring: both look up kinds here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from criteria.answers import CountingMethod, Value
from criteria.definition import Indicator, KindName, RollUp, Text
from criteria.sets.set_problems import SetProblemReason

if TYPE_CHECKING:
    from criteria.checks import Doubt
    from criteria.conversation.addressing import Input
    from criteria.conversation.moves import Move
    from criteria.conversation.place import Place, Question
    from criteria.conversation.step import Step
    from criteria.reading.outcome import All, Reading
    from criteria.reading.outcome import Kind as ReadingKind
    from criteria.scoring.actions import Action
    from criteria.scoring.facts import Facts
    from criteria.scoring.result import IndicatorResult, Judged

V = TypeVar("V", bound=Value)
Agreed = Literal["yes", "no"]
# The place in the indicator, and the reason why the set is refused.
Problem = tuple[str, SetProblemReason]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that a reply gives. It is stored at once if `clear`, else it is confirmed first.

    `asked`: the value was shown and confirmed already.
    """

    value: Value
    clear: bool = True
    reason: str | None = None
    asked: bool = False
    how: CountingMethod | None = None


class IndicatorKind(ABC, Generic[V]):
    """One kind of indicator: its rules in a set, its replies, its stored form, its score.

    `takes` is the kind of input that answers it. `has_total`: the answer counts a part of a total.
    The total may be known before the question is asked, and it is 0 for "không có đối tượng" (not
    applicable). Only such an answer has a counting method. `reads_as` is the kind of question for
    the reader of a whole report.
    """

    key: ClassVar[KindName]
    value: ClassVar[type[Any]]
    takes: ClassVar["Input"]
    has_total: ClassVar[bool] = False
    reads_as: ClassVar["ReadingKind"]
    roll_ups: ClassVar[frozenset[RollUp]]

    # --- the set's file ---------------------------------------------------------------------------

    @abstractmethod
    def problems(self, one: Indicator) -> Iterator[Problem]:
        """Return the problems of an indicator of this kind in the file of a set."""

    @abstractmethod
    def text_problems(self, text: Text) -> Iterator[Problem]:
        """Return the problems of the texts: missing or superfluous ones."""

    @abstractmethod
    def goal(self, one: Indicator) -> str:
        """Return the goal as the command line shows it."""

    # --- replies ----------------------------------------------------------------------------------

    @abstractmethod
    def read(self, text: str, one: Indicator, *, total_known: bool) -> "Reading":
        """Read a typed reply to this indicator's question."""

    def units(self, one: Indicator) -> tuple[str, ...]:
        """Return the set's own words for what is counted, which the reader does not know."""
        return ()

    @abstractmethod
    def give(self, place: "Place", question: "Question", move: "Move") -> "Proposal | Step":
        """Handle a reply: return the proposed answer, or a step that shows why it is no answer."""

    @abstractmethod
    def agree(
        self, place: "Place", question: "Question", move: "Move", *, yes: bool
    ) -> "Proposal | Step":
        """Handle "đúng" or "không" when no confirmation is open."""

    def agreed(self, pending: V, text: str, answer: Agreed) -> Agreed | None:
        """Handle "đúng" or "không" to a confirmation; return None if it is an answer itself."""
        return answer

    @abstractmethod
    def not_applicable(self, place: "Place", question: "Question") -> "Proposal | Step":
        """Handle "không có đối tượng" (not applicable)."""

    @abstractmethod
    def same(self, place: "Place", question: "Question", last: V) -> "V | Step":
        """Handle "như kỳ trước" (the same as last time), with `last` as the earlier answer.

        Return the answer, with today's total if it is known, or a step that shows why it is none.
        """

    def doubts(self, value: V, expected: int | None, last: Value | None) -> "tuple[Doubt, ...]":
        """Return the doubts that the person must confirm once; `expected` is the expected total."""
        return ()

    @abstractmethod
    def changed(self, value: V, expected: int | None, last: Value | None) -> bool:
        """Return whether an officer should check the difference from the last round."""

    @abstractmethod
    def completed(self, given: "Value | All | int | None", total: int | None) -> V | None:
        """Return the answer that was read, with the known total; None if it is no answer."""

    def fits(self, value: V) -> bool:
        """Return whether such an answer is possible."""
        return True

    # --- stored and sent --------------------------------------------------------------------------

    @abstractmethod
    def columns(self, value: V) -> dict[str, Any]:
        """Return the answer as values of the columns numerator, denominator and yes."""

    @abstractmethod
    def restored(
        self, numerator: int | None, denominator: int | None, yes: bool | None
    ) -> V | None:
        """Return the answer that is stored in the columns; None if they do not hold one."""

    @abstractmethod
    def written(self, value: V) -> str:
        """Return the answer as the data of a button."""

    @abstractmethod
    def parsed(self, written: str) -> "Value | All | int | None":
        """Read the answer in a button's data (a ratio may have only its count), or return None."""

    @abstractmethod
    def plain(self, value: V) -> object:
        """Return the answer as it is shown in JSON, in a list of changes."""

    def total(self, value: V) -> int | None:
        """Return the total that the answer is a part of; None for a kind without totals."""
        return None

    @abstractmethod
    def combined(self, parts: Sequence[V]) -> V:
        """Return the answer of a merged area from the answers of its parts."""

    # --- the score --------------------------------------------------------------------------------

    @abstractmethod
    def judge(
        self,
        one: Indicator,
        units: Sequence[int],
        counted: Mapping[int, V],
        expected: Mapping[int, int],
    ) -> "Judged":
        """Judge the answers of the units; `expected` has the totals of the missing ones."""

    @abstractmethod
    def actions(self, one: "IndicatorResult", facts: "Facts") -> "Iterator[Action]":
        """Return what areas can do for an indicator that is not met."""


_KINDS: dict[str, IndicatorKind[Any]] = {}
_BY_VALUE: dict[type[Any], IndicatorKind[Any]] = {}


def register(kind: IndicatorKind[Any]) -> None:
    """Add a kind; raise TypeError if its name or its class of answers is registered already."""
    if kind.key in _KINDS or kind.value in _BY_VALUE:
        raise TypeError(f"{kind.key.value} is registered twice")
    _KINDS[kind.key] = _BY_VALUE[kind.value] = kind


def registered() -> tuple[KindName, ...]:
    """Return the kinds that are registered."""
    return tuple(kind.key for kind in _KINDS.values())


def kind_of(key: str) -> IndicatorKind[Any]:
    """Return the kind with this name; raise KeyError when there is none."""
    return _KINDS[key]


def kind_of_value(value: Value) -> IndicatorKind[Any]:
    """Return the kind to which an answer belongs."""
    return _BY_VALUE[type(value)]
