"""The base class of the presentations of kinds of indicators, and how to get one."""

import re
from abc import ABC, abstractmethod
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from criteria.answers import Value
from criteria.definition import Indicator, KindName, Text
from criteria.kinds import kind_of_value
from criteria.scoring import Action, Facts, IndicatorResult, Verdict
from handlers.texts import Html, Texts

if TYPE_CHECKING:
    from handlers.exports.pictures.canvas import Drawing
    from handlers.exports.workbook.book import Book, Counts, Places, SheetContext, Worksheet
    from handlers.status.view import StatusView

V = TypeVar("V", bound=Value)
Words = tuple[str, dict[str, Any]]


class Presentation(ABC, Generic[V]):
    """The texts, cells and drawings of one kind on screens, in files and in pictures."""

    key: ClassVar[KindName]

    # --- a report ---------------------------------------------------------------------------------

    answer_buttons: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """The buttons that answer: the caption's key, the action, the value's code."""

    @abstractmethod
    def value_text(self, value: V, texts: Texts, indicator: Indicator | None) -> Html:
        """Return the whole answer: `350/400 = 87,5 %`."""

    @abstractmethod
    def counts_text(self, value: V, texts: Texts) -> Html:
        """Return the answer in the short form for a button: `350/400`."""

    @abstractmethod
    def hint(
        self, texts: Texts, total: int | None, one: Indicator, *, office: bool = False
    ) -> Html:
        """Return a sentence on how to reply, with an example."""

    def same_caption(self, last: V, texts: Texts, total: int | None) -> Words | None:
        """Return the key and values of "như kỳ trước"; None where the old answer isn't possible."""
        return "button.same", {"value": self.counts_text(last, texts)}

    @abstractmethod
    def in_one_message(self, number: int, texts: Texts, total: int | None, one: Indicator) -> str:
        """Return an example of an answer in a whole report: `1: 240/400`."""

    @abstractmethod
    def correction_hint(self, texts: Texts, total: int | None, one: Indicator) -> Html | None:
        """Return a sentence on how an officer types the right value; None where buttons answer."""

    @abstractmethod
    def receipt_line(
        self, one: IndicatorResult, indicator: Indicator, office: int | None, texts: Texts
    ) -> Html | None:
        """Return the commune's present result, with how many areas it covers; None without one."""

    @abstractmethod
    def sheet_boxes(self, texts: Texts, total: int | None, text: Text) -> list[str]:
        """Return the blank boxes of the paper sheet."""

    @abstractmethod
    def sheet_copied(self, texts: Texts) -> str:
        """Return the form of an answer in a message, without a number that could suggest one."""

    @abstractmethod
    def example(self, total: int) -> V:
        """Return an answer for the practice area."""

    # --- the status -------------------------------------------------------------------------------

    @abstractmethod
    def status_text(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> Html:
        """Return the text next to the indicator's name."""

    @abstractmethod
    def figure(self, one: IndicatorResult, texts: Texts) -> Html:
        """Return the bare result; a dash where there is none."""

    @abstractmethod
    def details(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> list[Html]:
        """Return the lines on the basis of the result and on what is still decisive."""

    def last_time(self, last: IndicatorResult, texts: Texts) -> Html:
        """Return the result of the previous round."""
        verdict = texts.say(f"status.verdict.{last.verdict.value}")
        return texts.say("status.last_verdict", verdict=verdict)

    def action_key(self, action: Action) -> str:
        """Return the key of the sentence on what is to be done."""
        return f"status.todo.{action.kind.value}"

    # --- what if ----------------------------------------------------------------------------------

    supposed: ClassVar[re.Pattern[str]]
    """The pattern of a value in a typed supposition."""
    steps: ClassVar[tuple[str, ...]] = ()
    """The codes of other values to try."""

    @abstractmethod
    def written(self, found: re.Match[str]) -> str:
        """Return the supposed value as its code for a button."""

    def possible(self, written: str) -> bool:
        """Return whether such an answer is possible."""
        return True

    @abstractmethod
    def suppose(self, facts: Facts, unit: int, code: str, written: str) -> V | None:
        """Return the supposed answer; None when the unit's total isn't known."""

    @abstractmethod
    def supposition(self, written: str, texts: Texts) -> str:
        """Return the supposed value as text."""

    def supposed_counts(self, answer: V, texts: Texts) -> Html:
        """Return the counts of the supposed answer, where its text doesn't show them."""
        return Html("")

    # --- files ------------------------------------------------------------------------------------

    @abstractmethod
    def required(self, one: IndicatorResult, texts: Texts) -> str:
        """Return what is to be reached: `≥ 85 %`."""

    def unit_of(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Return the unit of what is counted, as the set names it."""
        return status.criteria.indicator(one.code).text(texts.language).unit or ""

    def effect(self, text: Text, figure: str, gap: int | None, texts: Texts) -> Html:
        """Return the commune's figure for a receipt, with how many are still needed."""
        if not gap:
            return texts.say("receipt.effect_share", short=text.short, percent=figure)
        unit = text.unit or ""
        return texts.say("receipt.effect_gap", short=text.short, percent=figure, gap=gap, unit=unit)

    @abstractmethod
    def word_figure(self, one: IndicatorResult, texts: Texts) -> str:
        """Return the result for the table of the Word draft."""

    @abstractmethod
    def where(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Return the names of the units where most is lacking; "" without any."""

    # --- the workbook -----------------------------------------------------------------------------

    heads: ClassVar[tuple[str, ...]]
    """The keys of its columns' heads on the sheet of areas."""
    extra_lines: ClassVar[int] = 0
    """How many further lines its result takes in the summary."""

    def counts_areas(self, one: Indicator) -> bool:
        """Return whether its sum is a number of areas, with the number of all in the row below."""
        return False

    @abstractmethod
    def write(self, sheet: "SheetContext", row: int, place: int, one: Indicator, value: V) -> None:
        """Write a unit's answer."""

    @abstractmethod
    def write_sum(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, first: int
    ) -> None:
        """Write the sums as formulas over the units from row `first`, and note their cells."""

    @abstractmethod
    def place_office(self, sheet: "SheetContext", row: int, place: int, one: Indicator) -> int:
        """Return the column of an answer that only the office gives, and note its cells."""

    @abstractmethod
    def sums(self, one: IndicatorResult, places: "Places") -> "Counts":
        """Return the numbers that the summary takes from the sheet of areas, by formulas."""

    @abstractmethod
    def write_result(self, sheet: "SheetContext", row: int, one: IndicatorResult) -> None:
        """Write the result on the summary."""

    def write_course(
        self, book: "Book", page: "Worksheet", row: int, column: int, one: IndicatorResult
    ) -> bool:
        """Write the result as a number among the rounds; False where it has none."""
        return False

    # --- pictures ---------------------------------------------------------------------------------

    @abstractmethod
    def picture_figure(self, status: "StatusView", one: IndicatorResult, texts: Texts) -> str:
        """Return the figure next to the indicator's bar."""

    @abstractmethod
    def draw(
        self, canvas: "Drawing", one: IndicatorResult, left: float, top: float, width: float
    ) -> None:
        """Draw the indicator's result with its threshold."""

    @abstractmethod
    def cell(self, value: V, indicator: Indicator, texts: Texts) -> tuple[Verdict, str]:
        """Return one unit's verdict and the text of its cell."""

    in_course: ClassVar[bool] = False
    """Whether it has a curve over the rounds."""

    def height(self, one: IndicatorResult) -> float | None:
        """Return the height of a round's point in that curve; None where there is none."""
        return None

    def line(self, indicator: Indicator, texts: Texts) -> str:
        """Return the threshold as text, for the curve."""
        return ""


@cache
def presentation_of(key: str) -> Presentation[Any]:
    """Return the presentation of a kind; ImportError when there is no module of its name.

    It is imported at its first use, because it imports modules that import this one.
    """
    presentation: Presentation[Any] = import_module(f"handlers.kinds.{key}").PRESENTATION
    return presentation


def presentation_of_value(value: Value) -> Presentation[Any]:
    """Return the presentation of an answer's kind."""
    return presentation_of(kind_of_value(value).key)
