"""The kind `yes_no`: "Có" or "Chưa có", required of one area, of all, or of a share of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from criteria.answers import Value, YesNo
from criteria.conversation.moves import Move
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Feedback, Step
from criteria.definition import Figure, Indicator, KindName, RollUp, Text
from criteria.kinds.base import Agreed, IndicatorKind, Problem, Proposal, register
from criteria.percent import line_text
from criteria.reading import read
from criteria.reading.outcome import All, Reading
from criteria.reading.words.folding import clean, plain
from criteria.scoring.actions import Action, agreement_wanted, some_reports_wanted
from criteria.scoring.facts import Facts
from criteria.scoring.result import IndicatorResult, Judged, Verdict
from criteria.scoring.yes_no import judge_yes_no
from criteria.sets.set_problems import reason

_WORD = re.compile(r"\w+")
_TEXTS = ("question_pair", "question_total", "unit")


class YesNoKind(IndicatorKind[YesNo]):
    """Something exists, or does not exist yet."""

    key = KindName.YES_NO
    value = YesNo
    takes = "yes_no"
    reads_as = "yes_no"
    roll_ups = frozenset({RollUp.ANY, RollUp.ALL, RollUp.SHARE, RollUp.OFFICE})

    def problems(self, one: Indicator) -> Iterator[Problem]:
        """Check that it is not added up and has no threshold, figure or unit."""
        if one.roll_up not in self.roll_ups:
            yield "roll_up", reason("yes_no_roll_up")
        if one.threshold is not None:
            yield "threshold", reason("yes_no_has_none")
        if one.unit is not None:
            yield "unit", reason("yes_no_has_none")
        if one.figure is not Figure.NONE:
            yield "figure", reason("yes_no_no_total")

    def text_problems(self, text: Text) -> Iterator[Problem]:
        """Check that no texts for a pair, a total or a unit are given."""
        for name in _TEXTS:
            if getattr(text, name) is not None:
                yield name, reason("yes_no_has_none")

    def goal(self, one: Indicator) -> str:
        """Return "yes" for the office alone, else how many areas must answer yes."""
        share = "" if one.share is None else f"≥ {line_text(one.share, 'vi')} of areas"
        needed = {RollUp.ANY: "≥ 1 area", RollUp.ALL: "all areas", RollUp.SHARE: share}
        return needed.get(one.roll_up, "yes")

    def read(self, text: str, one: Indicator, *, total_known: bool) -> Reading:
        """Read a yes or a no."""
        return read(text, "yes_no")

    def give(self, place: Place, question: Question, move: Move) -> Proposal | Step:
        """Accept a yes or no. A "có" that contradicts an open confirmation is confirmed again."""
        if not isinstance(move.value, YesNo):
            return Step(place, feedback=(Feedback("yes_no_expected", question.code),))
        confirming = place.screen == "confirm"
        agrees = confirming and move.value == place.pending
        contradicts = confirming and not agrees
        clear = (move.clear or agrees) and not contradicts
        return Proposal(move.value, clear=clear, reason=move.reason, asked=agrees)

    def agree(self, place: Place, question: Question, move: Move, *, yes: bool) -> Proposal | Step:
        """Read a plain "đúng" as yes and a plain "không" as no."""
        return self.give(place, question, replace(move, value=YesNo(yes)))

    def agreed(self, pending: YesNo, text: str, answer: Agreed) -> Agreed | None:
        """Handle a confirmation of "chưa": "chưa có" agrees with it, and "có …" is a new answer."""
        words = _WORD.findall(plain(clean(text).lower()))
        if pending.yes or not words:
            return answer
        if answer == "yes" and self._is_yes(text):
            return None if words[0] in {"co", "yes"} else "yes"
        if answer == "no" and words[0] == "chua" and not {"dung", "phai"} & set(words):
            return "yes"
        return answer

    def _is_yes(self, text: str) -> bool:
        return read(text, "yes_no").value == YesNo(yes=True)

    def not_applicable(self, place: Place, question: Question) -> Proposal | Step:
        """Refuse "không có đối tượng": a yes/no answer has no total that could be 0."""
        return Step(place.at(question.code), feedback=(Feedback("none_is_for_counts"),))

    def same(self, place: Place, question: Question, last: YesNo) -> YesNo | Step:
        """Keep the earlier answer."""
        return last

    def changed(self, value: YesNo, expected: int | None, last: Value | None) -> bool:
        """Return whether the answer differs from the last one."""
        return isinstance(last, YesNo) and value != last

    def completed(self, given: Value | All | int | None, total: int | None) -> YesNo | None:
        """Return the yes or no; None for a number."""
        return given if isinstance(given, YesNo) else None

    def columns(self, value: YesNo) -> dict[str, Any]:
        """Return the answer in the column yes."""
        return {"yes": value.yes}

    def restored(
        self, numerator: int | None, denominator: int | None, yes: bool | None
    ) -> YesNo | None:
        """Return the answer in the column yes."""
        return YesNo(bool(yes))

    def written(self, value: YesNo) -> str:
        """Return the answer as "y" or "n"."""
        return "y" if value.yes else "n"

    def parsed(self, written: str) -> Value | All | int | None:
        """Read "y" or "n"; return None for any other text."""
        return YesNo(written == "y") if written in {"y", "n"} else None

    def plain(self, value: YesNo) -> bool:
        """Return True for yes."""
        return value.yes

    def combined(self, parts: Sequence[YesNo]) -> YesNo:
        """Return yes if one part answered yes."""
        return YesNo(any(one.yes for one in parts))

    def judge(
        self,
        one: Indicator,
        units: Sequence[int],
        counted: Mapping[int, YesNo],
        expected: Mapping[int, int],
    ) -> Judged:
        """Judge how many units answered yes."""
        return judge_yes_no(one, units, counted)

    def actions(self, one: IndicatorResult, facts: Facts) -> Iterator[Action]:
        """Ask the missing units. If that is not enough, ask those that answered "chưa"."""
        figures = one.yes_no
        if figures is None:
            return
        missing = tuple(unit for unit in one.missing if unit != facts.office)
        if one.verdict is Verdict.INSUFFICIENT:
            if missing:
                yield some_reports_wanted(one.code, figures.needed, missing, facts)
        elif figures.said_no and one.confirmation is None:
            # If all units must answer yes, the missing units are needed as well.
            asked = figures.said_no
            if figures.needed > len(asked):
                asked = (*asked, *missing)
            effort = Fraction(min(figures.needed, len(asked)), max(1, len(one.units)))
            yield agreement_wanted(one.code, figures.needed, asked, effort)


register(YesNoKind())
