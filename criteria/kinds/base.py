"""What differs between the kinds of indicators, and the registry of the kinds.

This module imports neither the conversation nor the scoring: both look up kinds here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from criteria.answers import CountingMethod, Value
from criteria.definition import Indicator, Kind, RollUp, Text
from criteria.sets.set_problems import Reason

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
Problem = tuple[str, Reason]  # the place in the indicator, and why the set is refused


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that a reply gives: stored at once if `clear`, else confirmed first.

    `asked`: it was shown and confirmed already.
    """

    value: Value
    clear: bool = True
    reason: str | None = None
    asked: bool = False
    how: CountingMethod | None = None


class IndicatorKind(ABC, Generic[V]):
    """One kind of indicator: its rules in a set, its replies, its stored form, its score.

    `takes` is the kind of input that answers it. `has_total`: the answer is a part of a total. The
    total can be known before, can be 0 ("không có đối tượng"), and has a counting method.
    `reads_as`: the kind of question for the reading of a whole report.
    """

    key: ClassVar[Kind]
    value: ClassVar[type[Any]]
    takes: ClassVar["Input"]
    has_total: ClassVar[bool] = False
    reads_as: ClassVar["ReadingKind"]
    roll_ups: ClassVar[frozenset[RollUp]]

    # --- the set's file ---------------------------------------------------------------------------

    @abstractmethod
    def problems(self, one: Indicator) -> Iterator[Problem]:
        """Give what is wrong with an indicator of this kind in the file of a set."""

    @abstractmethod
    def text_problems(self, text: Text) -> Iterator[Problem]:
        """Give which texts are missing or superfluous."""

    @abstractmethod
    def goal(self, one: Indicator) -> str:
        """Give the goal, as the command line shows it."""

    # --- replies ----------------------------------------------------------------------------------

    @abstractmethod
    def read(self, text: str, one: Indicator, *, total_known: bool) -> "Reading":
        """Read a typed reply to this indicator's question."""

    def units(self, one: Indicator) -> tuple[str, ...]:
        """Give the words of the set for what is counted; the reading does not know them."""
        return ()

    @abstractmethod
    def give(self, place: "Place", question: "Question", move: "Move") -> "Proposal | Step":
        """Handle a reply: give the answer, or what is said instead."""

    @abstractmethod
    def agree(
        self, place: "Place", question: "Question", move: "Move", *, yes: bool
    ) -> "Proposal | Step":
        """Handle "đúng" or "không" when nothing is being confirmed."""

    def agreed(self, pending: V, text: str, said: Agreed) -> Agreed | None:
        """Handle "đúng" or "không" to a confirmation; None: it is an answer itself."""
        return said

    @abstractmethod
    def nobody(self, place: "Place", question: "Question") -> "Proposal | Step":
        """Handle "không có đối tượng"."""

    @abstractmethod
    def same(self, place: "Place", question: "Question", last: V) -> "V | Step":
        """Give the earlier answer as it would be today."""

    def doubts(self, value: V, expected: int | None, last: Value | None) -> "tuple[Doubt, ...]":
        """Give what must be confirmed once; `expected` is the expected total."""
        return ()

    @abstractmethod
    def changed(self, value: V, expected: int | None, last: Value | None) -> bool:
        """Say whether an officer should check the difference from the last round."""

    @abstractmethod
    def completed(self, given: "Value | All | int | None", total: int | None) -> V | None:
        """Give the answer that was read, with the known total; None if it is not an answer."""

    def fits(self, value: V) -> bool:
        """Say whether such an answer is possible."""
        return True

    # --- stored and sent --------------------------------------------------------------------------

    @abstractmethod
    def columns(self, value: V) -> dict[str, Any]:
        """Give the answer in the columns numerator, denominator and yes."""

    @abstractmethod
    def restored(
        self, numerator: int | None, denominator: int | None, yes: bool | None
    ) -> V | None:
        """Give the answer that is stored in the columns."""

    @abstractmethod
    def written(self, value: V) -> str:
        """Give the answer as the data of a button."""

    @abstractmethod
    def parsed(self, written: str) -> "Value | All | int | None":
        """Give the answer in the data of a button (of a ratio possibly only the count)."""

    @abstractmethod
    def plain(self, value: V) -> object:
        """Give the answer as it is in JSON, in a list of changes."""

    def total(self, value: V) -> int | None:
        """Give the total that the answer is a part of."""
        return None

    @abstractmethod
    def together(self, parts: Sequence[V]) -> V:
        """Give the answer of a merged area from the answers of its parts."""

    # --- the score --------------------------------------------------------------------------------

    @abstractmethod
    def judge(
        self,
        one: Indicator,
        units: Sequence[int],
        counted: Mapping[int, V],
        expected: Mapping[int, int],
    ) -> "Judged":
        """Judge the answers of the units; `expected` are the totals of the missing ones."""

    @abstractmethod
    def actions(self, one: "IndicatorResult", facts: "Facts") -> "Iterator[Action]":
        """Give what areas can do for an indicator that is not met."""


_KINDS: dict[str, IndicatorKind[Any]] = {}
_BY_VALUE: dict[type[Any], IndicatorKind[Any]] = {}


def register(kind: IndicatorKind[Any]) -> None:
    """Add a kind; TypeError if its name or its class of answers is registered already."""
    if kind.key in _KINDS or kind.value in _BY_VALUE:
        raise TypeError(f"{kind.key.value} is registered twice")
    _KINDS[kind.key] = _BY_VALUE[kind.value] = kind


def registered() -> tuple[Kind, ...]:
    """Give the kinds that have a class."""
    return tuple(kind.key for kind in _KINDS.values())


def kind_of(key: str) -> IndicatorKind[Any]:
    """Give the class of a kind; KeyError when there is none."""
    return _KINDS[key]


def kind_of_value(value: Value) -> IndicatorKind[Any]:
    """Give the class of the kind that an answer belongs to."""
    return _BY_VALUE[type(value)]
