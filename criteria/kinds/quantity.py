"""The kind `quantity`: a number against a threshold, of all units together or of each unit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from criteria.answers import Quantity, Ratio, Value
from criteria.checks import Doubt, check
from criteria.conversation.moves import Move
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Feedback, Step
from criteria.definition import Figure, Indicator, KindName, Respondent, RollUp, Text
from criteria.kinds.base import IndicatorKind, Problem, Proposal, register
from criteria.reading import read
from criteria.reading.outcome import All, Reading
from criteria.reading.own_units import explain_count_of
from criteria.scoring.actions import Action, reach, some_reports_wanted
from criteria.scoring.facts import Facts
from criteria.scoring.quantities import QuantityFigures, judge_quantity
from criteria.scoring.result import IndicatorResult, Judged, Share, Verdict
from criteria.sets.set_problems import reason

# Reasons of the share reader. Their sentences ask for two counts, which is wrong here.
_OF_SHARES = frozenset({"percent_only", "half", "complement", "only_total", "several_numbers",
                        "over_total", "unit_mixed"})  # fmt: skip


class QuantityKind(IndicatorKind[Quantity]):
    """One count without a total."""

    key = KindName.QUANTITY
    value = Quantity
    takes = "number"
    reads_as = "count"
    roll_ups = frozenset({RollUp.SUM, RollUp.EACH})

    def problems(self, one: Indicator) -> Iterator[Problem]:
        """Check that it has a threshold and no total, and that `each` asks only areas."""
        if one.roll_up not in self.roll_ups:
            yield "roll_up", reason("quantity_roll_up", given=one.roll_up.value)
        if one.roll_up is RollUp.EACH and one.asked_of is not Respondent.AREA:
            yield "asked_of", reason("each_asks_areas")
        if one.threshold is None:
            yield "threshold", reason("quantity_needs")
        for name, figure in (("figure", one.figure), ("office_figure", one.office_figure)):
            if figure is not Figure.NONE:
                yield name, reason("quantity_no_total")

    def text_problems(self, text: Text) -> Iterator[Problem]:
        """Check that the unit's word is given, and no texts for a pair or a total."""
        if text.unit is None:
            yield "unit", reason("quantity_needs")
        for name in ("question_pair", "question_total"):
            if getattr(text, name) is not None:
                yield name, reason("quantity_has_none")

    def goal(self, one: Indicator) -> str:
        """Return "≥ 2", or "≥ 2 each area"."""
        return f"≥ {one.threshold}{' each area' if one.roll_up is RollUp.EACH else ''}"

    def read(self, text: str, one: Indicator, *, total_known: bool) -> Reading:
        """Read one count, with or without the unit of the set."""
        return explain_count_of(text, self.units(one)).reading

    def units(self, one: Indicator) -> tuple[str, ...]:
        """Return the unit's word in each language."""
        return tuple(text.unit for text in (one.texts.vi, one.texts.en) if text and text.unit)

    def give(self, place: Place, question: Question, move: Move) -> Proposal | Step:
        """Accept one number; refuse a pair, a share, or everybody."""
        value = self.completed(move.value, None)
        if value is None:
            reason = move.reason or "not_understood"
            if move.value is not None or reason in _OF_SHARES:
                reason = "number_expected"
            return Step(place, feedback=(Feedback(reason, question.code),))
        asked = place.screen == "confirm" and value == place.pending
        return Proposal(value, clear=move.clear or asked, reason=move.reason, asked=asked)

    def agree(self, place: Place, question: Question, move: Move, *, yes: bool) -> Proposal | Step:
        """Refuse "đúng" and "không": they are not numbers."""
        return Step(place, feedback=(Feedback(move.reason or "not_understood", question.code),))

    def not_applicable(self, place: Place, question: Question) -> Proposal | Step:
        """Refuse "không có đối tượng": a quantity has no total that could be 0."""
        return Step(place.at(question.code), feedback=(Feedback("number_expected", question.code),))

    def same(self, place: Place, question: Question, last: Quantity) -> Quantity | Step:
        """Keep the earlier number."""
        return last

    def doubts(
        self, value: Quantity, expected: int | None, last: Value | None
    ) -> tuple[Doubt, ...]:
        """Doubt a number that is far from the last one, as for the numerator of a ratio."""
        if not isinstance(last, Quantity):
            return ()
        return check(Ratio(value.number, value.number), None, Ratio(last.number, last.number))

    def changed(self, value: Quantity, expected: int | None, last: Value | None) -> bool:
        """Return whether the reporter had to confirm the difference."""
        return bool(self.doubts(value, expected, last))

    def completed(self, given: Value | All | int | None, total: int | None) -> Quantity | None:
        """Return the number; None for anything else."""
        if isinstance(given, int):
            return Quantity(given)
        return given if isinstance(given, Quantity) else None

    def columns(self, value: Quantity) -> dict[str, Any]:
        """Return the number in the column numerator."""
        return {"numerator": value.number}

    def restored(
        self, numerator: int | None, denominator: int | None, yes: bool | None
    ) -> Quantity | None:
        """Return the number; None if the column is empty."""
        return Quantity(numerator) if numerator is not None else None

    def written(self, value: Quantity) -> str:
        """Return the number as "3"."""
        return str(value.number)

    def parsed(self, written: str) -> Value | All | int | None:
        """Read "3", with the limits of a typed number."""
        return self.completed(read(written, "count").value, None)

    def plain(self, value: Quantity) -> int:
        """Return the number."""
        return value.number

    def combined(self, parts: Sequence[Quantity]) -> Quantity:
        """Add the numbers up."""
        return Quantity(sum(one.number for one in parts))

    def judge(
        self,
        one: Indicator,
        units: Sequence[int],
        counted: Mapping[int, Quantity],
        expected: Mapping[int, int],
    ) -> Judged:
        """Judge the sum, or each number, against the threshold."""
        if one.threshold is None:
            raise ValueError(f"{one.code} is a quantity without a threshold")
        return judge_quantity(one, one.threshold, units, counted)

    def actions(self, one: IndicatorResult, facts: Facts) -> Iterator[Action]:
        """Ask the missing units while the verdict is open. Then ask for what is still needed."""
        figures = one.figures
        if not isinstance(figures, QuantityFigures):
            return
        missing = tuple(unit for unit in one.missing if unit != facts.office)
        if one.verdict is Verdict.INSUFFICIENT and missing:
            yield some_reports_wanted(one.code, len(missing), missing, facts)
        if figures.gap and figures.lacking:
            parts, lacking = figures.units, figures.lacking
            if not figures.each:  # no single unit has to reach a part of the sum
                parts, lacking = 1, tuple(Share(share.unit, 0) for share in lacking)
            yield reach(one.code, figures.gap, figures.threshold * parts, lacking)


register(QuantityKind())
