"""The presentation of a quantity: 3 lớp, with the number that is needed."""

import re
from typing import TYPE_CHECKING

from criteria.answers import Quantity
from criteria.definition import Indicator, KindName, Respondent, RollUp, Text
from criteria.scoring import Action, Facts, IndicatorResult, Verdict
from criteria.scoring.actions import ActionKind
from criteria.scoring.quantities import QuantityFigures
from handlers.exports.pictures.canvas import Drawing, draw_bar, draw_pieces
from handlers.exports.wording import MISSING
from handlers.exports.workbook.book import Book, Worksheet, cell_name, count_areas
from handlers.kinds.base import Presentation
from handlers.status.lines import coverage, unit_word
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, without_tags

if TYPE_CHECKING:
    from handlers.exports.workbook.book import Counts, Places, SheetContext

_MOST_LACKING = 3
_MOST_IN_WORDS = 5


class QuantityPresentation(Presentation[Quantity]):
    """The presentation of one number in the set's own unit."""

    key = KindName.QUANTITY

    def value_text(self, value: Quantity, texts: Texts, indicator: Indicator | None) -> Html:
        """Return `3 lớp`."""
        unit = indicator.text(texts.language).unit if indicator is not None else None
        return _counted(value.number, unit, texts)

    def counts_text(self, value: Quantity, texts: Texts) -> Html:
        """Return `3`."""
        return Html(texts.number(value.number))

    def hint(
        self, texts: Texts, total: int | None, one: Indicator, *, office: bool = False
    ) -> Html:
        """Ask for one number in the set's unit; no example, as it could suggest an answer."""
        unit = one.text(texts.language, office=office).unit
        return texts.say("hint.quantity", unit=unit or "")

    def in_one_message(self, number: int, texts: Texts, total: int | None, one: Indicator) -> str:
        """Return `5: 1`."""
        return f"{number}: {self.example(0).number}"

    def correction_hint(self, texts: Texts, total: int | None, one: Indicator) -> Html | None:
        """Return the same sentence as for a reporter."""
        return self.hint(texts, total, one)

    def receipt_line(
        self, one: IndicatorResult, indicator: Indicator, office: int | None, texts: Texts
    ) -> Html | None:
        """Return the commune's number, with how many are still needed."""
        figures, text = _of(one), indicator.text(texts.language)
        if figures.least is None:
            return None
        result = self._result(figures, text.unit, texts)
        if one.missing and not figures.each:  # it is the number of those that have answered
            result = Html(f"{result} ({coverage(one, office, texts)})")
        return self.effect(text, result, figures.gap, texts)

    def sheet_boxes(self, texts: Texts, total: int | None, text: Text) -> list[str]:
        """Return one box."""
        return [texts.say("sheet.quantity", unit=text.unit or "")]

    def sheet_copied(self, texts: Texts) -> str:
        """Return a number."""
        return "…"

    def example(self, total: int) -> Quantity:
        """Return one."""
        return Quantity(1)

    def status_text(self, status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
        """Return the number with its threshold, the coverage while it is open, and the gap."""
        parts = [self._with_threshold(status, one, texts)]
        if gap := _of(one).gap:
            parts.append(texts.say("status.gap", gap=gap, unit=unit_word(status, one, texts)))
        return Html(", ".join(parts))

    def _with_threshold(self, status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
        figures = _of(one)
        if figures.least is None:
            alone = status.criteria.indicator(one.code).asked_of is Respondent.OFFICE
            return texts.say("status.office_open" if alone else "status.nothing")
        open_, word = one.verdict is Verdict.INSUFFICIENT, unit_word(status, one, texts)
        key = "status.share_now" if open_ else "status.share"
        text = texts.say(
            "status.quantity_each" if figures.each else key,
            percent=self._result(figures, word, texts),
            line=_counted(figures.threshold, word, texts),
        )
        return Html(f"{text}, {coverage(one, status.facts.office, texts)}") if open_ else text

    def _result(self, figures: QuantityFigures, unit: str | None, texts: Texts) -> Html:
        """Return `3 lớp`, or `7/9 khu` where each area must reach it."""
        if figures.each:
            return texts.say("status.coverage", counted=len(figures.reached), units=figures.units)
        return _counted(figures.total, unit, texts)

    def figure(self, one: IndicatorResult, texts: Texts) -> Html:
        """Return `3`, or `7/9 khu`."""
        figures = _of(one)
        if figures.least is None:
            return Html(MISSING)
        return self._result(figures, None, texts)

    def details(self, status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
        """Return the rule, the bound, what is certain, and where most is lacking."""
        figures, word = _of(one), unit_word(status, one, texts)
        line = _counted(figures.threshold, word, texts)
        lines = [texts.say(f"status.quantity_rule_{one.roll_up.value}", line=line)]
        if figures.least is not None:
            total = texts.number(figures.total)
            lines.append(texts.say("status.counts", counts=total, unit=word))
        if one.verdict is Verdict.INSUFFICIENT and not figures.each:
            low = _counted(figures.total, word, texts)
            lines.append(texts.say("status.quantity_at_least", low=low))
        elif figures.out_of_reach:
            lines.append(texts.say("status.certainly_not"))
        if figures.each and figures.lacking:
            names = _names(status, figures, texts, _MOST_LACKING)
            lines.append(texts.say("status.quantity_lacking", names=names))
        return lines

    def last_time(self, last: IndicatorResult, texts: Texts) -> Html:
        """Return the number of the previous round."""
        if _of(last).least is None:
            return super().last_time(last, texts)
        verdict = texts.say(f"status.verdict.{last.verdict.value}")
        return texts.say("status.last_share", percent=self.figure(last, texts), verdict=verdict)

    def action_key(self, action: Action) -> str:
        """Return the key with "add" where the general sentence speaks of people."""
        if action.kind is ActionKind.REACH:
            return "status.todo.add"
        return super().action_key(action)

    # "Khu 2" names an area, "Khu 2 đạt 3 lớp" and "Khu 2 = 3" suppose something.
    supposed = re.compile(
        r"(?:=|(?<!\w)(?:đạt|dat|được|duoc|có|co|lên|len|reaches|has|gets)\s)\s*"
        r"(?P<number>\d{1,5})(?:\s+[^\W\d]+)?\s*$",
        re.IGNORECASE,
    )

    def written(self, found: re.Match[str]) -> str:
        """Return "=3"."""
        return f"={int(found['number'])}"

    def suppose(self, facts: Facts, unit: int, code: str, written: str) -> Quantity | None:
        """Return the number."""
        return Quantity(int(written[1:]))

    def supposition(self, written: str, texts: Texts) -> str:
        """Return "3"."""
        return texts.number(int(written[1:]))

    def required(self, one: IndicatorResult, texts: Texts) -> str:
        """Return `≥ 2`, or `≥ 2 mỗi khu`."""
        line = f"≥ {texts.number(_of(one).threshold)}"
        if not _of(one).each:
            return line
        return without_tags(texts.say("exports.required_each", line=line))

    def word_figure(self, one: IndicatorResult, texts: Texts) -> str:
        """Return the number; below it how many areas reach the threshold, where each must."""
        figures = _of(one)
        if figures.least is None:
            return MISSING
        total = texts.number(figures.total)
        return f"{total}\n({self._result(figures, None, texts)})" if figures.each else total

    def where(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the names of the areas below the threshold, where each must reach it."""
        figures = _of(one)
        if not figures.each or not figures.lacking:
            return ""
        names = _names(status, figures, texts, _MOST_IN_WORDS)
        return without_tags(texts.say("exports.report.lacking", names=names))

    heads = ("quantity",)

    def counts_areas(self, one: Indicator) -> bool:
        """Return whether each area must reach the threshold."""
        return one.roll_up is RollUp.EACH

    def write(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, value: Quantity
    ) -> None:
        """Write the number."""
        sheet.page.number(row, place, value.number, sheet.book.count())

    def write_sum(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, first: int
    ) -> None:
        """Write the sum; with `each`, how many areas reach the threshold, and the number of all."""
        figures = _of(sheet.material.status.result.indicator(one.code))
        if figures.each:
            reached = f">={figures.threshold}"
            count_areas(sheet, row, place, one, first, reached, len(figures.reached))
            return
        sheet.places.numerator[one.code] = (row, place)
        sheet.sum(row, place, first, figures.total)

    def place_office(self, sheet: "SheetContext", row: int, place: int, one: Indicator) -> int:
        """Return the column where others have their share."""
        sheet.page.row(row, ["", ""], sheet.book.cell(), place)
        sheet.places.numerator[one.code] = (row, place + 2)
        return place + 2

    def sums(self, one: IndicatorResult, places: "Places") -> "Counts":
        """Return the sum, or how many areas reach the threshold and the number of all."""
        figures = _of(one)
        if figures.least is None:
            return MISSING, MISSING if one.code in places.denominator else None
        if figures.each:
            return len(figures.reached), figures.units
        return figures.total, None

    def write_result(self, sheet: "SheetContext", row: int, one: IndicatorResult) -> None:
        """Write the sum as a formula over its cell, or how many areas reach the threshold."""
        figures = _of(one)
        if figures.least is None or figures.each:
            text = without_tags(self.figure(one, sheet.texts))
            sheet.page.text(row, 6, text, sheet.book.cell(align="right"))
            return
        sheet.page.formula(row, 6, f"={cell_name(row, 4)}", sheet.book.count(), figures.total)

    def write_course(
        self, book: Book, page: Worksheet, row: int, column: int, one: IndicatorResult
    ) -> bool:
        """Write the sum; False where each must reach the threshold: the verdict is shown."""
        figures = _of(one)
        if figures.least is None or figures.each:
            return False
        page.number(row, column, figures.total, book.count())
        return True

    def picture_figure(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the text of the status, without the gap."""
        return without_tags(self._with_threshold(status, one, texts))

    def draw(
        self, canvas: Drawing, one: IndicatorResult, left: float, top: float, width: float
    ) -> None:
        """Draw the sum as a bar with its threshold across it, or a piece for each area."""
        figures = _of(one)
        if figures.each:
            yes, no = len(figures.reached), len(figures.below)
            draw_pieces(canvas, yes, no, figures.units, left, top, width)
            return
        whole = max(figures.total, figures.threshold)
        filled = width * figures.total / whole if figures.total else None
        line = width * figures.threshold / whole
        draw_bar(canvas, one.verdict, filled, line, left, top, width)

    def cell(self, value: Quantity, indicator: Indicator, texts: Texts) -> tuple[Verdict, str]:
        """Return `3`, or `1✗` below the threshold that each must reach."""
        number = texts.number(value.number)
        each = indicator.roll_up is RollUp.EACH and indicator.threshold is not None
        if each and indicator.threshold is not None and value.number < indicator.threshold:
            return Verdict.NOT_MET, f"{number}✗"
        return Verdict.MET, number

    in_course = True

    def height(self, one: IndicatorResult) -> float | None:
        """Return the sum, or the smallest number where each must reach the threshold."""
        figures = _of(one)
        if figures.least is None:
            return None
        return float(figures.least if figures.each else figures.total)

    def line(self, indicator: Indicator, texts: Texts) -> str:
        """Return `2 lớp`."""
        if indicator.threshold is None:
            return ""
        return _counted(int(indicator.threshold), indicator.text(texts.language).unit, texts)


def _of(one: IndicatorResult) -> QuantityFigures:
    assert isinstance(one.figures, QuantityFigures)  # only results of this kind come here
    return one.figures


def _counted(number: int, unit: str | None, texts: Texts) -> Html:
    if unit is None:
        return Html(texts.number(number))
    return texts.say("value.quantity", count=number, unit=unit)


def _names(status: StatusView, figures: QuantityFigures, texts: Texts, most: int) -> str:
    named = figures.lacking[:most]
    return ", ".join(f"{status.name(one.unit, texts)} ({texts.number(one.count)})" for one in named)


PRESENTATION = QuantityPresentation()
