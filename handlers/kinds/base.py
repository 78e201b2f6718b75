"""What is shown differently from one kind of indicator to another, and how it is looked up."""

import re
from abc import ABC, abstractmethod
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from criteria.answers import Value
from criteria.definition import Indicator, Kind, Text
from criteria.kinds import kind_of_value
from criteria.scoring import Action, Facts, IndicatorResult, Verdict
from handlers.texts import Html, Texts

if TYPE_CHECKING:
    from handlers.exports.pictures.canvas import Drawing
    from handlers.exports.workbook.book import Book, Counts, Page, Places, Sheet
    from handlers.status.view import StatusView

V = TypeVar("V", bound=Value)
Words = tuple[str, dict[str, Any]]


class Presentation(ABC, Generic[V]):
    """How one kind reads on screens, in files and in pictures."""

    key: ClassVar[Kind]

    # --- a report ---------------------------------------------------------------------------------

    answer_buttons: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """The buttons that answer: the text's key, the action, how the value is written."""

    @abstractmethod
    def value_text(self, value: V, texts: Texts, indicator: Indicator | None) -> Html:
        """Give the whole answer: `350/400 = 87,5 %`."""

    @abstractmethod
    def counts_text(self, value: V, texts: Texts) -> Html:
        """Give the answer as short as a button needs it: `350/400`."""

    @abstractmethod
    def hint(
        self, texts: Texts, total: int | None, one: Indicator, *, office: bool = False
    ) -> Html:
        """Say how to reply, with an example."""

    def same_words(self, last: V, texts: Texts, total: int | None) -> Words | None:
        """Give the key and the values of "như kỳ trước"; None where that can't be kept."""
        return "button.same", {"value": self.counts_text(last, texts)}

    @abstractmethod
    def in_one_message(self, number: int, texts: Texts, total: int | None, one: Indicator) -> str:
        """Give an example of the answer to a question within a whole report: `1: 240/400`."""

    @abstractmethod
    def correction_hint(self, texts: Texts, total: int | None, one: Indicator) -> Html | None:
        """Say how an officer types the right value; None where buttons answer."""

    @abstractmethod
    def receipt_line(
        self, one: IndicatorResult, indicator: Indicator, office: int | None, texts: Texts
    ) -> Html | None:
        """Say how the commune stands now, by how many areas; None where nothing is to be said."""

    @abstractmethod
    def sheet_boxes(self, texts: Texts, total: int | None, text: Text) -> list[str]:
        """Give the blank boxes of the paper sheet."""

    @abstractmethod
    def sheet_copied(self, texts: Texts) -> str:
        """Give how an answer is written in a message, with no number that suggests one."""

    @abstractmethod
    def example(self, total: int) -> V:
        """Give an answer for the practice area."""

    # --- the status -------------------------------------------------------------------------------

    @abstractmethod
    def said(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> Html:
        """Say what there is to say beside the indicator's name."""

    @abstractmethod
    def figure(self, one: IndicatorResult, texts: Texts) -> Html:
        """Give the bare result; a dash where there is none."""

    @abstractmethod
    def about(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> list[Html]:
        """Say what the figures rest on and what would decide."""

    def last_time(self, last: IndicatorResult, texts: Texts) -> Html:
        """Say how it was in the round before."""
        verdict = texts.say(f"status.verdict.{last.verdict.value}")
        return texts.say("status.last_verdict", verdict=verdict)

    def action_key(self, action: Action) -> str:
        """Give the key of the sentence on what is to be done."""
        return f"status.todo.{action.kind.value}"

    # --- what if ----------------------------------------------------------------------------------

    supposed: ClassVar[re.Pattern[str]]
    """A value as it stands in a typed supposition."""
    steps: ClassVar[tuple[str, ...]] = ()
    """Other values to try."""

    @abstractmethod
    def written(self, found: re.Match[str]) -> str:
        """Give the supposed value as a button carries it."""

    def possible(self, written: str) -> bool:
        """Say whether there can be such an answer."""
        return True

    @abstractmethod
    def suppose(self, facts: Facts, unit: int, code: str, written: str) -> V | None:
        """Give the supposed answer; None when the unit's total isn't known."""

    @abstractmethod
    def supposition(self, written: str, texts: Texts) -> str:
        """Give the supposed value in words."""

    def supposed_counts(self, answer: V, texts: Texts) -> Html:
        """Give the counts that it makes, where these are others than the words."""
        return Html("")

    # --- files ------------------------------------------------------------------------------------

    @abstractmethod
    def required(self, one: IndicatorResult, texts: Texts) -> str:
        """Give what is to be reached: `≥ 85 %`."""

    def unit_of(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Give what is counted, in the set's word."""
        return status.criteria.indicator(one.code).text(texts.language).unit or ""

    def effect(self, text: Text, said: str, gap: int | None, texts: Texts) -> Html:
        """Give the commune's figure for a receipt, and how many are still needed."""
        if not gap:
            return texts.say("receipt.effect_share", short=text.short, percent=said)
        unit = text.unit or ""
        return texts.say("receipt.effect_gap", short=text.short, percent=said, gap=gap, unit=unit)

    @abstractmethod
    def word_figure(self, one: IndicatorResult, texts: Texts) -> str:
        """Give the result in the table of the Word draft."""

    @abstractmethod
    def where(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Name the units that hold most of what is lacking; empty when there are none."""

    # --- the workbook -----------------------------------------------------------------------------

    heads: ClassVar[tuple[str, ...]]
    """The keys of its columns' heads on the sheet of areas."""
    extra_lines: ClassVar[int] = 0
    """How many lines more its result takes in the summary."""

    def counts_areas(self, one: Indicator) -> bool:
        """Say whether its sum is a number of areas, with all of them in the row below."""
        return False

    @abstractmethod
    def write(self, sheet: "Sheet", row: int, place: int, one: Indicator, value: V) -> None:
        """Write a unit's answer."""

    @abstractmethod
    def write_sum(self, sheet: "Sheet", row: int, place: int, one: Indicator, first: int) -> None:
        """Write the live sums below the units from row `first`, and note where they stand."""

    @abstractmethod
    def place_office(self, sheet: "Sheet", row: int, place: int, one: Indicator) -> int:
        """Give the column for what only the office is asked, and note where its sums stand."""

    @abstractmethod
    def sums(self, one: IndicatorResult, places: "Places") -> "Counts":
        """Give the numbers that the summary takes from the sheet of areas, by formulas."""

    @abstractmethod
    def write_result(self, sheet: "Sheet", row: int, one: IndicatorResult) -> None:
        """Write the result on the summary."""

    def write_course(
        self, book: "Book", page: "Page", row: int, column: int, one: IndicatorResult
    ) -> bool:
        """Write the result as a number among the rounds; False where it has none."""
        return False

    # --- pictures ---------------------------------------------------------------------------------

    @abstractmethod
    def picture_figure(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Give the figure beside the indicator's bar."""

    @abstractmethod
    def draw(
        self, canvas: "Drawing", one: IndicatorResult, left: float, top: float, width: float
    ) -> None:
        """Draw the indicator against its line."""

    @abstractmethod
    def cell(self, value: V, indicator: Indicator, texts: Texts) -> tuple[Verdict, str]:
        """Say how one unit stands to the line, and what its cell says."""

    in_course: ClassVar[bool] = False
    """Whether it has a curve over the rounds."""

    def height(self, one: IndicatorResult) -> float | None:
        """Give the height of a round's point in that curve; None where there is none."""
        return None

    def line(self, indicator: Indicator, texts: Texts) -> str:
        """Give the threshold in words, for the curve."""
        return ""


@cache
def presentation_of(key: str) -> Presentation[Any]:
    """Give how a kind is shown; ImportError when there is no module of its name.

    It is imported at its first use: it needs screens and files that look kinds up here.
    """
    shown: Presentation[Any] = import_module(f"handlers.kinds.{key}").PRESENTATION
    return shown


def presentation_of_value(value: Value) -> Presentation[Any]:
    """Give how the kind of an answer is shown."""
    return presentation_of(kind_of_value(value).key)
