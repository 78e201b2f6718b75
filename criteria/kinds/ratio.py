"""The kind `ratio`: a count out of a total, against a threshold share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from criteria.answers import Ratio, Value
from criteria.checks import Doubt, check
from criteria.conversation.moves import Move
from criteria.conversation.next_question import total_of
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Feedback, Step
from criteria.definition import Indicator, KindName, RollUp, Text
from criteria.kinds.base import IndicatorKind, Problem, Proposal, register
from criteria.percent import line_text
from criteria.reading import read
from criteria.reading.outcome import All, Reading
from criteria.scoring.actions import Action, figures_wanted, reach, reports_wanted
from criteria.scoring.facts import Facts
from criteria.scoring.ratios import judge_ratio
from criteria.scoring.result import IndicatorResult, Judged, Verdict
from criteria.sets.set_problems import reason

_TEXTS = ("question_pair", "question_total", "unit")


class RatioKind(IndicatorKind[Ratio]):
    """Two counts: the people who have it, and all people to whom it applies."""

    key = KindName.RATIO
    value = Ratio
    takes = "number"
    reads_as = "ratio"
    has_total = True
    roll_ups = frozenset({RollUp.SUM})

    def problems(self, one: Indicator) -> Iterator[Problem]:
        """Check that it has the roll-up sum, a threshold and a unit."""
        if one.roll_up not in self.roll_ups:
            yield "roll_up", reason("ratio_roll_up", given=one.roll_up.value)
        if one.threshold is None:
            yield "threshold", reason("ratio_needs")
        if one.unit is None:
            yield "unit", reason("ratio_needs")

    def text_problems(self, text: Text) -> Iterator[Problem]:
        """Check that the texts for the pair, the total and the unit are given."""
        for name in _TEXTS:
            if getattr(text, name) is None:
                yield name, reason("ratio_needs")

    def goal(self, one: Indicator) -> str:
        """Return "≥ 85 %", or "100 %"."""
        if one.threshold is None:
            return "—"
        line = line_text(one.threshold, "vi")
        return line if one.threshold == 1 else f"≥ {line}"

    def read(self, text: str, one: Indicator, *, total_known: bool) -> Reading:
        """Read two counts, or one where the total is known."""
        return read(text, "count" if total_known else "ratio")

    def give(self, place: Place, question: Question, move: Move) -> Proposal | Step:
        """Accept two counts. If the total is known, also accept one count or "everybody"."""
        value, total = move.value, total_of(place, question)
        if isinstance(value, All):
            if total is None:
                return _explain(place.at(question.code), "total_wanted", question)
            value = Ratio(total, total)
        if isinstance(value, int):
            return self._one_number(place, question, move, value, total)
        if not isinstance(value, Ratio):
            unclear = move.reason or "not_understood"
            return _explain(place, unclear if value is None else "number_expected", question)
        if value.numerator > value.denominator:
            return _over_total(
                place.at(question.code), question, value.numerator, value.denominator
            )
        asked = place.screen == "confirm" and value == place.pending
        nobody = value.denominator == 0 and not move.sure
        return Proposal(
            value,
            clear=(move.clear and not nobody) or asked,
            reason="not_applicable" if nobody else move.reason,
            asked=asked,
            how=move.how or (place.how if asked else None),
        )

    def _one_number(
        self, place: Place, question: Question, move: Move, number: int, total: int | None
    ) -> Proposal | Step:
        if place.screen == "fix_total":
            return _new_total(place, question, number)
        if place.screen == "total":
            return self._complete(place, question, move, number)
        if number == 0 and question.expected == 0:
            return self.not_applicable(place, question)
        if total is None:
            pending = replace(place.on("total"), numerator=number, how=move.how)
            if move.clear:
                return Step(pending)
            return Step(pending, feedback=(Feedback("read_as", question.code, count=number),))
        if number > total:
            return _over_total(place.on("ask"), question, number, total)
        return self.give(place, question, replace(move, value=Ratio(number, total)))

    def _complete(
        self, place: Place, question: Question, move: Move, total: int
    ) -> Proposal | Step:
        numerator = place.numerator or 0
        if numerator > total:
            return _over_total(place, question, numerator, total)
        whole = replace(move, value=Ratio(numerator, total), how=move.how or place.how)
        return self.give(place, question, whole)

    def agree(self, place: Place, question: Question, move: Move, *, yes: bool) -> Proposal | Step:
        """Refuse "đúng" and "không": they are not numbers."""
        return _explain(place, move.reason or "not_understood", question)

    def not_applicable(self, place: Place, question: Question) -> Proposal | Step:
        """Propose a total of 0, which must be confirmed."""
        return Proposal(Ratio(0, 0), clear=False, reason="not_applicable")

    def same(self, place: Place, question: Question, last: Ratio) -> Ratio | Step:
        """Return the earlier count over today's total, or a step if the count exceeds it."""
        total = total_of(place, question)
        total = last.denominator if total is None else total
        if last.numerator > total:
            explanation = Feedback("earlier_over_total", question.code, last, total=total)
            return Step(place.at(question.code), feedback=(explanation,))
        return Ratio(last.numerator, total)

    def doubts(self, value: Ratio, expected: int | None, last: Value | None) -> tuple[Doubt, ...]:
        """Doubt a total or a count that is far from the usual one."""
        return check(value, expected, last)

    def changed(self, value: Ratio, expected: int | None, last: Value | None) -> bool:
        """Return whether the reporter had to confirm the difference."""
        return bool(check(value, expected, last))

    def completed(self, given: Value | All | int | None, total: int | None) -> Ratio | None:
        """Return a single count over the known total; "everybody" is the total itself."""
        if isinstance(given, All):
            given = total
        if isinstance(given, int):
            return Ratio(given, total) if total is not None else None
        return given if isinstance(given, Ratio) else None

    def fits(self, value: Ratio) -> bool:
        """Return whether the count is at most the total."""
        return value.numerator <= value.denominator

    def columns(self, value: Ratio) -> dict[str, Any]:
        """Return the two counts in the columns numerator and denominator."""
        return {"numerator": value.numerator, "denominator": value.denominator}

    def restored(
        self, numerator: int | None, denominator: int | None, yes: bool | None
    ) -> Ratio | None:
        """Return the two counts; None when one is missing."""
        if numerator is None or denominator is None:
            return None
        return Ratio(numerator, denominator)

    def written(self, value: Ratio) -> str:
        """Return the answer as "350/400"."""
        return f"{value.numerator}/{value.denominator}"

    def parsed(self, written: str) -> Value | All | int | None:
        """Read "350/400", "350" or "all", with the limits of a typed number."""
        if written == "all":
            return All()
        given = read(written, "ratio").value
        return given if isinstance(given, int | Ratio) else None

    def plain(self, value: Ratio) -> list[int]:
        """Return the answer as [350, 400]."""
        return [value.numerator, value.denominator]

    def total(self, value: Ratio) -> int:
        """Return the denominator."""
        return value.denominator

    def combined(self, parts: Sequence[Ratio]) -> Ratio:
        """Add up the counts: shares are never averaged."""
        return Ratio(sum(one.numerator for one in parts), sum(one.denominator for one in parts))

    def judge(
        self,
        one: Indicator,
        units: Sequence[int],
        counted: Mapping[int, Ratio],
        expected: Mapping[int, int],
    ) -> Judged:
        """Judge the sums against the threshold, with bounds for the missing units."""
        if one.threshold is None:
            raise ValueError(f"{one.code} is a ratio without a threshold")
        return judge_ratio(one.threshold, units, counted, expected)

    def actions(self, one: IndicatorResult, facts: Facts) -> Iterator[Action]:
        """Ask for unknown totals, else for deciding reports. Then ask for people to reach."""
        ratio = one.ratio
        if ratio is None:
            return
        if one.verdict is Verdict.INSUFFICIENT:
            unknown = tuple(unit for unit in ratio.unknown if unit != facts.office)
            if unknown:
                yield figures_wanted(one.code, unknown, facts)
                return
            deciding = tuple(unit for unit in ratio.deciding if unit != facts.office)
            if deciding:
                yield reports_wanted(one.code, deciding, facts)
        if ratio.gap:
            yield reach(one.code, ratio.gap, ratio.denominator, ratio.uncovered)


def _explain(place: Place, reason: str, question: Question) -> Step:
    return Step(place, feedback=(Feedback(reason, question.code),))


def _over_total(place: Place, question: Question, count: int, total: int) -> Step:
    return Step(
        place, feedback=(Feedback("part_over_total", question.code, count=count, total=total),)
    )


def _new_total(place: Place, question: Question, total: int) -> Step:
    if total == 0:
        return _explain(place.on("ask"), "zero_total", question)
    return Step(
        replace(place.on("ask"), own_total=total),
        feedback=(Feedback("total_taken", question.code, total=total),),
    )


register(RatioKind())
