"""The best actions: first the office, then reports, then people to reach, then areas."""

from fractions import Fraction

import pytest

from criteria.answers import Ratio, YesNo
from criteria.definition import RollUp
from criteria.scoring import Action, ConfirmedAnswer, Facts, Share, best_actions, score
from criteria.scoring.actions import ActionKind

OFFICE = 99
YES, NO = YesNo(yes=True), YesNo(yes=False)


def only(letter, *codes, **changed):
    kept = tuple(letter.indicator(code).model_copy(update=changed) for code in codes)
    return letter.model_copy(update={"indicators": kept})


def actions(criteria, areas, counted, expected=None, confirmed=None, **more):
    facts = Facts(areas, OFFICE, counted, expected or {}, confirmed or {})
    return best_actions(criteria, score(criteria, facts), facts, **more)


def test_the_offices_own_answers_cost_one_call(letter):
    (found,) = actions(only(letter, "CQ2"), (1, 2), {})
    assert found == Action(ActionKind.OFFICE, ("CQ2",), 1, (Share(OFFICE, 0),), Fraction(0))
    both = only(letter, "CQ2", "XH2")
    (together,) = actions(both, (1, 2), {})
    assert together.codes == ("CQ2", "XH2")
    assert together.effort == 0
    assert actions(both, (1, 2), {(OFFICE, "CQ2"): YES, (OFFICE, "XH2"): YES}) == ()


def test_deciding_reports_are_asked_for_with_their_totals(letter):
    counted = {(1, "HT1"): Ratio(80, 100)}
    found = actions(
        only(letter, "HT1"), (1, 2, 3, 4), counted, {(2, "HT1"): 50, (3, "HT1"): 9, (4, "HT1"): 0}
    )
    report, reach = found
    assert report == Action(
        ActionKind.REPORT, ("HT1",), 2, (Share(2, 50), Share(3, 9)), Fraction(2, 4)
    )
    assert reach == Action(ActionKind.REACH, ("HT1",), 5, (Share(1, 20),), 1 + Fraction(5, 100))


def test_unknown_totals_are_asked_for_instead_of_reports(letter):
    counted = {(1, "HT1"): Ratio(80, 100)}
    (figure,) = actions(only(letter, "HT1"), (1, 2, 3), counted, {(2, "HT1"): 50})
    assert figure == Action(ActionKind.FIGURE, ("HT1",), 1, (Share(3, 0),), Fraction(1, 3))
    cadres = {(1, "HT2"): Ratio(5, 5)}
    office, area = actions(only(letter, "HT2"), (1, 2), cadres)
    assert (office.kind, office.units) == (ActionKind.OFFICE, (Share(OFFICE, 0),))
    assert (area.kind, area.units) == (ActionKind.FIGURE, (Share(2, 0),))
    (alone,) = actions(only(letter, "HT2"), (1,), cadres)
    assert alone.kind is ActionKind.OFFICE


def test_the_three_areas_with_most_uncovered_people_are_named(letter):
    counted = {(unit, "HT1"): Ratio(unit, 10) for unit in (1, 2, 3, 4)}
    (reach,) = actions(only(letter, "HT1"), (1, 2, 3, 4), counted)
    assert reach.kind is ActionKind.REACH
    assert (reach.count, reach.effort) == (24, 1 + Fraction(24, 40))
    assert reach.units == (Share(1, 9), Share(2, 8), Share(3, 7))


def test_as_many_areas_that_said_no_are_asked_as_are_needed(letter):
    said = {(1, "CQ3"): NO, (2, "CQ3"): NO, (3, "CQ3"): YES}
    (agree,) = actions(only(letter, "CQ3"), (1, 2, 3), said)
    assert agree == Action(
        ActionKind.AGREE, ("CQ3",), 2, (Share(1, 0), Share(2, 0)), 1 + Fraction(2, 3)
    )
    # The missing areas are needed as well.
    (agree,) = actions(only(letter, "CQ3"), (1, 2, 3, 4), said)
    assert (agree.count, agree.units) == (3, (Share(1, 0), Share(2, 0), Share(4, 0)))
    assert agree.effort == 1 + Fraction(3, 4)
    word = {"CQ3": ConfirmedAnswer(False, "chưa họp")}
    assert actions(only(letter, "CQ3"), (1, 2, 3), said, confirmed=word) == ()


def test_one_area_that_said_no_is_enough_where_any_is_enough(letter):
    said = {(unit, "KT3"): NO for unit in (1, 2)}
    (agree,) = actions(only(letter, "KT3"), (1, 2), said)
    assert (agree.kind, agree.count, len(agree.units)) == (ActionKind.AGREE, 1, 2)
    assert agree.effort == 1 + Fraction(1, 2)


@pytest.mark.parametrize(("said", "needed"), [({}, 2), ({1: YES}, 1), ({1: NO}, 2)])
def test_as_many_missing_yes_no_answers_are_asked_for_as_are_needed(letter, said, needed):
    criteria = only(letter, "KT3", roll_up=RollUp.SHARE, share=Fraction(1, 2))
    counted = {(unit, "KT3"): value for unit, value in said.items()}
    (report,) = actions(criteria, (1, 2, 3, 4), counted)
    missing = tuple(Share(unit, 0) for unit in (1, 2, 3, 4) if unit not in said)
    assert report == Action(ActionKind.REPORT, ("KT3",), needed, missing, Fraction(needed, 4))


def test_requests_to_the_same_areas_are_one_action(letter):
    criteria = only(letter, "CQ3", "KT3", "XH1")
    report, *rest = actions(criteria, (1, 2), {(1, code): YES for code in ("CQ3",)})
    assert (report.kind, report.codes, report.units) == (
        ActionKind.REPORT, ("KT3", "XH1"), (Share(1, 0), Share(2, 0)),
    )  # fmt: skip
    assert (report.count, report.effort) == (1, Fraction(1, 2))
    (other,) = rest
    assert (other.codes, other.count, other.units) == (("CQ3",), 1, (Share(2, 0),))
    both = actions(only(letter, "CQ3", "KT3"), (1, 2), {})
    assert [(one.codes, one.count, one.effort) for one in both] == [
        (("CQ3", "KT3"), 2, Fraction(1, 2))
    ]


def test_actions_are_sorted_by_effort_then_indicators_then_order_of_the_set(letter):
    criteria = only(letter, "HT1", "CQ2", "CQ3", "KT1", "KT3")
    counted = {
        (1, "HT1"): Ratio(50, 100), (2, "HT1"): Ratio(50, 100), (1, "KT1"): Ratio(50, 100),
        (2, "KT1"): Ratio(50, 100), (1, "CQ3"): NO, (2, "CQ3"): NO,
    }  # fmt: skip
    found = actions(criteria, (1, 2), counted)
    assert [(one.kind.value, one.codes) for one in found] == [
        ("office", ("CQ2",)), ("report", ("KT3",)), ("reach", ("HT1",)), ("reach", ("KT1",)),
        ("agree", ("CQ3",)),
    ]  # fmt: skip
    assert actions(criteria, (1, 2), counted, most=2) == found[:2]
    assert len(actions(letter, (1, 2, 3), {})) <= 6


def test_a_round_without_areas_asks_only_the_office(letter):
    found = actions(letter, (), {})
    assert {one.kind for one in found} == {ActionKind.OFFICE}
    assert actions(only(letter, "HT1"), (1,), {(1, "HT1"): Ratio(0, 0)}) == ()
