"""The presentation of a ratio: 350/400 = 87,5 %, with its threshold."""

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from criteria.answers import Ratio
from criteria.definition import CountedUnit, Indicator, KindName, Respondent, Text
from criteria.percent import decimals, line_text, percent_text, share_text
from criteria.scoring import Facts, IndicatorResult, RatioFigures, Verdict, ratio_reaching
from handlers.exports.pictures.canvas import Drawing, draw_bar
from handlers.exports.wording import MISSING
from handlers.exports.workbook.book import Book, Worksheet, cell_name, share_formula
from handlers.kinds.base import Presentation, Words
from handlers.report.wording import example_of
from handlers.status.lines import coverage, methods_line, unit_word
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, without_tags

if TYPE_CHECKING:
    from handlers.exports.workbook.book import Counts, Places, SheetContext

_NAMES_LENGTH = 300
_MOST_UNCOVERED = 3
_MOST_IN_WORDS = 5


class RatioPresentation(Presentation[Ratio]):
    """The presentation of two counts and their share."""

    key = KindName.RATIO

    def value_text(self, value: Ratio, texts: Texts, indicator: Indicator | None) -> Html:
        """Return `350/400 = 87,5 %`, or "không có đối tượng"."""
        if value.denominator == 0:
            dossiers = indicator is not None and indicator.unit is CountedUnit.DOSSIERS
            return texts.say("value.no_dossiers" if dossiers else "value.not_applicable")
        threshold = indicator.threshold if indicator else None
        return texts.say(
            "value.ratio",
            counts=self.counts_text(value, texts),
            percent=percent_text(value.numerator, value.denominator, threshold, texts.language),
        )

    def counts_text(self, value: Ratio, texts: Texts) -> Html:
        """Return `350/400`."""
        if value.denominator == 0:
            return texts.say("value.not_applicable")
        return Html(f"{texts.number(value.numerator)}/{texts.number(value.denominator)}")

    def hint(
        self, texts: Texts, total: int | None, one: Indicator, *, office: bool = False
    ) -> Html:
        """Ask for one number where the total is known, else for two."""
        if total is None:
            return texts.say("hint.ratio", example=example_of(one, None, texts))
        # Near no threshold: an example must not suggest an answer.
        return texts.say("hint.count", example=total * 3 // 5)

    def in_one_message(self, number: int, texts: Texts, total: int | None, one: Indicator) -> str:
        """Return `1: 240/400`; `6: 0/0` where the unit has no people to count."""
        return f"{number}: {example_of(one, total, texts) if total != 0 else '0/0'}"

    def same_caption(self, last: Ratio, texts: Texts, total: int | None) -> Words | None:
        """Name the total too where it has changed; None when the earlier count exceeds it."""
        if total and last.numerator > total:
            return None
        if total not in {None, last.denominator}:
            return "button.same_over", {"count": last.numerator, "total": total}
        return super().same_caption(last, texts, total)

    def correction_hint(self, texts: Texts, total: int | None, one: Indicator) -> Html | None:
        """Ask for one number where the total is known, else for two."""
        key = "review.correct.ratio" if total is None else "review.correct.count"
        return texts.say(key, total=total or 0, example=example_of(one, total, texts))

    def receipt_line(
        self, one: IndicatorResult, indicator: Indicator, office: int | None, texts: Texts
    ) -> Html | None:
        """Return the commune's share, with how many are still needed."""
        ratio, text = _of(one), indicator.text(texts.language)
        if not ratio.denominator:
            return None
        percent = _percent(ratio, texts)
        if one.missing:  # it is the share of those that have answered
            percent = Html(f"{percent} ({coverage(one, office, texts)})")
        return self.effect(text, percent, ratio.gap, texts)

    def sheet_boxes(self, texts: Texts, total: int | None, text: Text) -> list[str]:
        """Return a box for the count and one for the total."""
        if total is None:
            return [texts.say("sheet.count"), texts.say("sheet.total")]
        return [texts.say("sheet.count"), texts.say("sheet.total_known", total=total)]

    def sheet_copied(self, texts: Texts) -> str:
        """Return a share."""
        return "…/…"

    def example(self, total: int) -> Ratio:
        """Return three quarters: close to real answers and to the example in the hint."""
        return Ratio(total * 3 // 4, total)

    def status_text(self, status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
        """Return the share with its threshold, the coverage, the gap and unknown totals."""
        ratio = _of(one)
        if one.verdict is Verdict.NOT_APPLICABLE:
            dossiers = one.unit is CountedUnit.DOSSIERS
            return texts.say("status.no_dossiers" if dossiers else "status.not_applicable")
        if not ratio.denominator:
            if one.units_in:  # some have answered, all of them that it applies to nobody
                counted = coverage(one, status.facts.office, texts)
                return texts.say("status.none_so_far", counted=counted)
            alone = status.criteria.indicator(one.code).asked_of is Respondent.OFFICE
            return texts.say("status.office_open" if alone else "status.nothing")
        open_ = one.verdict is Verdict.INSUFFICIENT
        line = line_text(ratio.threshold, texts.language)
        key = "status.share_now" if open_ else "status.share"
        parts = [texts.say(key, percent=_percent(ratio, texts), line=line)]
        if open_:
            parts.append(coverage(one, status.facts.office, texts))
        if ratio.gap:
            parts.append(texts.say("status.gap", gap=ratio.gap, unit=unit_word(status, one, texts)))
        if ratio.unknown and open_:
            parts.append(texts.say("status.total_unknown", count=len(ratio.unknown)))
        return Html(", ".join(parts) + ("*" if one.by_totals else ""))

    def figure(self, one: IndicatorResult, texts: Texts) -> Html:
        """Return `84,9 %`."""
        return Html(_percent(_of(one), texts))

    def details(self, status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
        """Return the counts, what decides, the counting method, and where most are lacking."""
        ratio, lines = _of(one), list[Html]()
        word = unit_word(status, one, texts)
        if ratio.denominator:
            counts = f"{texts.number(ratio.numerator)}/{texts.number(ratio.denominator)}"
            lines.append(texts.say("status.counts", counts=counts, unit=word))
        if one.missing and ratio.expected and ratio.denominator:
            lines.append(
                texts.say(
                    "status.people_covered",
                    counted=ratio.denominator,
                    expected=ratio.expected,
                    unit=word,
                )
            )
        if one.verdict is Verdict.INSUFFICIENT:
            lines += self._what_decides(status, one, ratio, texts)
        elif one.missing and one.verdict is Verdict.NOT_MET:
            key = "status.certainly_not_by_totals" if one.by_totals else "status.certainly_not"
            lines.append(texts.say(key))
        elif one.by_totals:
            lines.append(texts.say("status.by_totals"))
        method = methods_line(status, one, texts)
        lines += [method] if method is not None else []
        if ratio.gap and ratio.uncovered:
            most = ratio.uncovered[:_MOST_UNCOVERED]
            names = (f"{status.name(o.unit, texts)} ({texts.number(o.count)})" for o in most)
            lines.append(texts.say("status.uncovered", names=", ".join(names)))
        return lines

    def _what_decides(
        self, status: StatusView, one: IndicatorResult, ratio: RatioFigures, texts: Texts
    ) -> list[Html]:
        lines: list[Html] = []
        names = (status.name(unit, texts) for unit in ratio.unknown)
        if ratio.unknown:
            listed_ = texts.listed(names, most=_NAMES_LENGTH)
            return [texts.say("status.figure_missing", names=listed_)]
        if ratio.low is not None and ratio.high is not None:
            low, high = (
                share_text(bound, ratio.threshold, texts.language)
                for bound in (ratio.low, ratio.high)
            )
            lines.append(texts.say("status.bounds", low=low, high=high))
        if ratio.deciding:
            names = (status.name(unit, texts) for unit in ratio.deciding)
            listed_ = texts.listed(names, most=_NAMES_LENGTH)
            lines.append(texts.say("status.deciding", names=listed_))
        return lines

    def last_time(self, last: IndicatorResult, texts: Texts) -> Html:
        """Return the share of the previous round."""
        if not _of(last).denominator:
            return super().last_time(last, texts)
        verdict = texts.say(f"status.verdict.{last.verdict.value}")
        return texts.say("status.last_share", percent=self.figure(last, texts), verdict=verdict)

    supposed = re.compile(
        r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s*%|(?P<above>\d{1,7})\s*/\s*(?P<below>\d{1,7})"
    )
    steps = ("80%", "85%", "90%", "95%", "100%")

    def written(self, found: re.Match[str]) -> str:
        """Return "90%" or "350/400"."""
        if found["percent"]:
            return found["percent"].replace(",", ".") + "%"
        return f"{found['above']}/{found['below']}"

    def possible(self, written: str) -> bool:
        """Return whether the share is at most 100 %."""
        if written.endswith("%"):
            return Fraction(written[:-1]) <= 100
        above, below = (int(part) for part in written.split("/"))
        return above <= below

    def suppose(self, facts: Facts, unit: int, code: str, written: str) -> Ratio | None:
        """Return the counts; a percentage is taken of the unit's total."""
        if written.endswith("%"):
            return ratio_reaching(facts, unit, code, Fraction(written[:-1]) / 100)
        above, below = (int(part) for part in written.split("/"))
        return Ratio(above, below)

    def supposition(self, written: str, texts: Texts) -> str:
        """Return "90 %" or "350/400"."""
        if written.endswith("%"):
            return line_text(Fraction(written[:-1]) / 100, texts.language)
        return written

    def supposed_counts(self, answer: Ratio, texts: Texts) -> Html:
        """Return " (360/400)"."""
        return Html(f" ({self.counts_text(answer, texts)})")

    def required(self, one: IndicatorResult, texts: Texts) -> str:
        """Return `≥ 85 %`, or `100 %`."""
        threshold = _of(one).threshold
        line = line_text(threshold, texts.language)
        return line if threshold == 1 else f"≥ {line}"

    def word_figure(self, one: IndicatorResult, texts: Texts) -> str:
        """Return the counts with the share below them."""
        ratio = _of(one)
        if not ratio.denominator:
            return MISSING
        counts = f"{texts.number(ratio.numerator)}/{texts.number(ratio.denominator)}"
        return f"{counts}\n({_percent(ratio, texts)})"

    def where(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the names of the units with most people not yet covered."""
        ratio = _of(one)
        if not ratio.gap or not ratio.uncovered:
            return ""
        most = ratio.uncovered[:_MOST_IN_WORDS]
        names = ", ".join(f"{status.name(o.unit, texts)} ({o.count})" for o in most)
        return without_tags(texts.say("exports.report.most_in", names=names))

    heads = ("numerator", "denominator", "share")

    def write(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, value: Ratio
    ) -> None:
        """Write both counts, and the share as a formula over them."""
        sheet.page.number(row, place, value.numerator, sheet.book.count())
        sheet.page.number(row, place + 1, value.denominator, sheet.book.count())
        share = Fraction(value.numerator, value.denominator) if value.denominator else None
        _write_share(sheet, row, place, share, one.threshold)

    def write_sum(
        self, sheet: "SheetContext", row: int, place: int, one: Indicator, first: int
    ) -> None:
        """Write the sums of both columns, and their share."""
        ratio = _of(sheet.material.status.result.indicator(one.code))
        sheet.sum(row, place, first, ratio.numerator)
        sheet.sum(row, place + 1, first, ratio.denominator)
        _write_share(sheet, row, place, ratio.value, one.threshold, bold=True)
        self.place_office(sheet, row, place, one)

    def place_office(self, sheet: "SheetContext", row: int, place: int, one: Indicator) -> int:
        """Return the same column as for areas."""
        sheet.places.numerator[one.code] = (row, place)
        sheet.places.denominator[one.code] = (row, place + 1)
        return place

    def sums(self, one: IndicatorResult, places: "Places") -> "Counts":
        """Return both sums; dashes while no unit has answered."""
        if not one.units_in:
            return MISSING, MISSING
        return _of(one).numerator, _of(one).denominator

    def write_result(self, sheet: "SheetContext", row: int, one: IndicatorResult) -> None:
        """Write the share as a formula over the two sums next to it."""
        if not one.units_in:
            sheet.page.text(row, 6, MISSING, sheet.book.cell(align="right"))
            return
        _write_share(sheet, row, 4, _of(one).value, _of(one).threshold)

    def write_course(
        self, book: Book, page: Worksheet, row: int, column: int, one: IndicatorResult
    ) -> bool:
        """Write the share."""
        share = _of(one).value
        if share is None:
            return False
        places = decimals(share, _of(one).threshold)
        page.number(row, column, _cut(share, places), book.share(places))
        return True

    def picture_figure(self, status: StatusView, one: IndicatorResult, texts: Texts) -> str:
        """Return the share, with the coverage while it is open."""
        ratio = _of(one)
        if not ratio.denominator:
            return without_tags(self.status_text(status, one, texts))
        line = line_text(ratio.threshold, texts.language)
        shown = without_tags(texts.say("status.share", percent=_percent(ratio, texts), line=line))
        if one.verdict is Verdict.INSUFFICIENT:
            areas = [unit for unit in one.units if unit != status.facts.office]
            counted = sum(unit not in one.missing for unit in areas)
            if areas:
                shown += ", " + texts.say("status.coverage", counted=counted, units=len(areas))
        return shown

    def draw(
        self, canvas: Drawing, one: IndicatorResult, left: float, top: float, width: float
    ) -> None:
        """Draw the share as a bar, hatched while it is open, with its threshold across it."""
        share = _of(one).value
        filled = width * share.numerator / share.denominator if share is not None else None
        line = width * _of(one).threshold.numerator / _of(one).threshold.denominator
        draw_bar(canvas, one.verdict, filled, line, left, top, width)

    def cell(self, value: Ratio, indicator: Indicator, texts: Texts) -> tuple[Verdict, str]:
        """Return `87,5`, or `84,9✗` below the threshold."""
        if value.denominator == 0:
            return Verdict.NOT_APPLICABLE, "–"
        share = Fraction(value.numerator, value.denominator)
        number = share_text(share, None, texts.language).rstrip(" \u00a0%")
        met = indicator.threshold is None or share >= indicator.threshold
        return (Verdict.MET, number) if met else (Verdict.NOT_MET, f"{number}✗")

    in_course = True

    def height(self, one: IndicatorResult) -> float | None:
        """Return the share."""
        ratio = _of(one)
        return ratio.numerator / ratio.denominator if ratio.denominator else None

    def line(self, indicator: Indicator, texts: Texts) -> str:
        """Return `85 %`."""
        threshold = indicator.threshold
        return line_text(threshold, texts.language) if threshold is not None else ""


def _of(one: IndicatorResult) -> RatioFigures:
    assert one.ratio is not None  # only results of this kind come here
    return one.ratio


def _percent(ratio: RatioFigures, texts: Texts) -> str:
    return percent_text(ratio.numerator, ratio.denominator, ratio.threshold, texts.language)


def _write_share(
    sheet: "SheetContext", row: int, place: int, share: Fraction | None, threshold: Fraction | None,
    **properties: object,
) -> None:  # fmt: skip
    """Write the share as a formula over the two cells before it."""
    places = decimals(share, threshold) if share is not None else 1
    formula = share_formula(cell_name(row, place), cell_name(row, place + 1), places)
    given = _cut(share, places) if share is not None else MISSING
    sheet.page.formula(row, place + 2, formula, sheet.book.share(places, **properties), given)


def _cut(share: Fraction, places: int) -> float:
    """Return the result of the share's formula."""
    scale: int = 10 ** (places + 2)
    return (share.numerator * scale // share.denominator) / scale


PRESENTATION = RatioPresentation()
