"""The presentation of a yes/no: "Có", "Chưa có", and how many areas answered which."""

import re
from typing import TYPE_CHECKING

from criteria.answers import YesNo
from criteria.definition import Indicator, KindName, RollUp, Text
from criteria.percent import line_text
from criteria.scoring import Facts, IndicatorResult, Verdict, YesNoFigures
from handlers.exports.pictures.canvas import Drawing, draw_pieces
from handlers.exports.wording import MISSING
from handlers.exports.workbook.book import count_areas, elsewhere
from handlers.kinds.base import Presentation
from handlers.status.lines import areas_text
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, shortened, without_tags

if TYPE_CHECKING:
    from handlers.exports.workbook.book import Counts, Places, SheetContext

_SHORTEST_REASON = 60
_LONGEST_REASON = 300
_NAMES_IN_WORDS = 2000


class YesNoPresentation(Presentation[YesNo]):
    """The presentation of a unit's yes or no, counted over the units."""

    key = KindName.YES_NO
    answer_buttons = (("button.yes", "yes", "y"), ("button.no", "no", "n"))

    def value_text(self, value: YesNo, texts: Texts, indicator: Indicator | None) -> Html:
        """Return "Có" or "Chưa có"."""
        return texts.say("value.yes" if value.yes else "value.no")

    def counts_text(self, value: YesNo, texts: Texts) -> Html:
        """Return the whole answer; it is short enough."""
        return self.value_text(value, texts, None)

    def hint(
        self, texts: Texts, total: int | None, one: Indicator, *, office: bool = False
    ) -> Html:
        """Return the sentence that points to the buttons."""
        return texts.say("hint.yes_no")

    def in_one_message(self, number: int, texts: Texts, total: int | None, one: Indicator) -> str:
        """Return `3 có` or `4 chưa`, in turn, so that it suggests no answer."""
        return f"{number} {texts.say('one_message.yes' if number % 2 else 'one_message.no')}"

    def correction_hint(self, texts: Texts, total: int | None, one: Indicator) -> Html | None:
        """Return None, because buttons answer."""
        return None

    def receipt_line(
        self, one: IndicatorResult, indicator: Indicator, office: int | None, texts: Texts
    ) -> Html | None:
        """Return None: a receipt only shows changed verdicts."""
        return None

    def sheet_boxes(self, texts: Texts, total: int | None, text: Text) -> list[str]:
        """Return two boxes to tick."""
        return [texts.say("sheet.yes_no")]

    def sheet_copied(self, texts: Texts) -> str:
        """Return a yes."""
        return texts.say("sheet.copy_yes")

    def example(self, total: int) -> YesNo:
        """Return a yes."""
        return YesNo(yes=True)

    def status_text(self, status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
        """Return the office's answer, or how many areas answered which and how many must say yes.

        A confirmation replaces the rule.
        """
        if one.roll_up is RollUp.OFFICE:
            if one.verdict is Verdict.INSUFFICIENT:
                return texts.say("status.office_open")
            return texts.say("status.yes" if one.verdict is Verdict.MET else "status.no")
        counts = areas_text(_of(one), texts)
        if one.confirmation is None:
            return _with_rule(counts, one, texts)
        return texts.say(
            "status.confirmed",
            answer=texts.say("status.yes" if one.confirmation.answer else "status.no"),
            reason=shortened(one.confirmation.reason, _SHORTEST_REASON),
            counts=counts,
        )

    def figure(self, one: IndicatorResult, texts: Texts) -> Html:
        """Return `9 khu có, 2 chưa`, or the office's answer."""
        if not one.units_in:
            return Html(MISSING)
        if one.roll_up is RollUp.OFFICE:
            return texts.say("status.yes" if _of(one).said_yes else "status.no")
        return areas_text(_of(one), texts)

    def details(self, status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
        """Return how many "có" are still needed, and a confirmation's rule and reason."""
        if one.roll_up is RollUp.OFFICE:
            return []
        figures, lines = _of(one), list[Html]()
        if one.verdict is Verdict.INSUFFICIENT:
            lines.append(texts.say("status.needed", count=figures.needed))
        elif figures.out_of_reach and one.confirmation is None:
            lines.append(texts.say("status.certainly_not"))
        if one.confirmation is not None:
            lines.append(_rule(one, texts, "status.rule"))
            reason = shortened(one.confirmation.reason, _LONGEST_REASON)
            lines.append(texts.say("status.reason", reason=reason))
            lines.append(texts.say("status.areas_own", counts=areas_text(figures, texts)))
        return lines

    supposed = re.compile(
        r"\b(?P<yes>có|co|yes)\s*$|\b(?P<no>chưa|chua|no)(\s+có|\s+co)?\s*$", re.IGNORECASE
    )

    def written(self, found: re.Match[str]) -> str:
        """Return "yes" or "no"."""
        return "yes" if found["yes"] else "no"

    def suppose(self, facts: Facts, unit: int, code: str, written: str) -> YesNo | None:
        """Return the answer."""
        return YesNo(written == "yes")

    def supposition(self, written: str, texts: Texts) -> str:
        """Return "Có" or "Chưa có"."""
        return texts.say(f"value.{written}")

    def required(self, one: IndicatorResult, texts: Texts) -> str:
        """Return `ít nhất 1 khu`, `≥ 80 % số khu`; "Có" where only the office answers."""
        if one.roll_up is RollUp.OFFICE:
            return without_tags(texts.say("value.yes"))
        return without_tags(_rule(one, texts))

    def unit_of(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return "khu" where areas answer."""
        if one.roll_up is RollUp.OFFICE:
            return ""
        return without_tags(texts.say("exports.unit_areas"))

    def word_figure(self, one: IndicatorResult, texts: Texts) -> str:
        """Return the office's answer, or how many areas answered which."""
        if one.units_in == 0:
            return MISSING
        if one.roll_up is RollUp.OFFICE:
            return without_tags(texts.say("value.yes" if one.own is Verdict.MET else "value.no"))
        return without_tags(areas_text(_of(one), texts))

    def where(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the names of the areas that answered "chưa"."""
        if not _of(one).said_no or one.roll_up is RollUp.OFFICE:
            return ""
        units = (status.name(unit, texts) for unit in _of(one).said_no)
        names = texts.listed(units, most=_NAMES_IN_WORDS)
        return without_tags(texts.say("exports.report.said_no", names=names))

    heads = ("yes_no",)
    extra_lines = 1

    def counts_areas(self, one: Indicator) -> bool:
        """Return True: areas with yes are counted."""
        return True

    def write(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, value: YesNo
    ) -> None:
        """Write "Có" or "Chưa có"."""
        text = without_tags(self.value_text(value, sheet.texts, one))
        sheet.page.text(row, place, text, sheet.book.cell(align="center"))

    def write_sum(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, first: int
    ) -> None:
        """Write how many areas answered yes, with the number of all in the row below."""
        yes = without_tags(sheet.texts.say("value.yes"))
        count = len(_of(sheet.material.status.result.indicator(one.code)).said_yes)
        count_areas(sheet, row, place, one, first, yes, count)

    def place_office(self, sheet: "SheetContext", row: int, place: int, one: Indicator) -> int:
        """Return the column where others have their share."""
        sheet.page.row(row, ["", ""], sheet.book.cell(), place)
        sheet.places.answer[one.code] = (row, place + 2)
        return place + 2

    def sums(self, one: IndicatorResult, places: "Places") -> "Counts":
        """Return how many areas answered yes, and the number of all."""
        if one.code not in places.numerator:
            return None, None
        return len(_of(one).said_yes), len(one.units)

    def write_result(self, sheet: "SheetContext", row: int, one: IndicatorResult) -> None:
        """Write the office's answer as a formula, or how many areas answered which."""
        page, texts, cell_format = sheet.page, sheet.texts, sheet.book.cell(align="right")
        if one.code in sheet.places.answer:
            answer = MISSING
            if not one.missing:
                met = one.own is Verdict.MET
                answer = without_tags(texts.say("value.yes" if met else "value.no"))
            place = elsewhere(sheet.places.page, *sheet.places.answer[one.code])
            page.formula(row, 6, f"={place}", cell_format, answer)
        else:
            page.text(row, 6, without_tags(areas_text(_of(one), texts)), cell_format)

    def picture_figure(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the text of the status, without the areas that the bar shows as missing."""
        if one.roll_up is RollUp.OFFICE or one.confirmation is not None:
            return without_tags(self.status_text(status, one, texts))
        return without_tags(_with_rule(areas_text(_of(one), texts, unknown=False), one, texts))

    def draw(
        self, canvas: Drawing, one: IndicatorResult, left: float, top: float, width: float
    ) -> None:
        """Draw a piece for each unit: full for yes, with a bar for no, hatched for missing."""
        yes, no = _of(one).counts()
        draw_pieces(canvas, yes, no, len(one.units), left, top, width)

    def cell(self, value: YesNo, indicator: Indicator, texts: Texts) -> tuple[Verdict, str]:
        """Return ✓ or ✗."""
        return (Verdict.MET, "✓") if value.yes else (Verdict.NOT_MET, "✗")


def _of(one: IndicatorResult) -> YesNoFigures:
    assert one.yes_no is not None  # only results of this kind come here
    return one.yes_no


def _rule(one: IndicatorResult, texts: Texts, key: str = "status.needs") -> Html:
    """Return how many areas must answer yes: one, all, or a share of them."""
    share = _of(one).share
    shown = "" if share is None else line_text(share, texts.language)
    return texts.say(f"{key}.{one.roll_up.value}", share=shown)


def _with_rule(counts: Html, one: IndicatorResult, texts: Texts) -> Html:
    return texts.say("status.with_rule", counts=counts, rule=_rule(one, texts))


PRESENTATION = YesNoPresentation()
