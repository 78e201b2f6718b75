"""The rules of the result, with one worked example each."""

from fractions import Fraction

import pytest

from criteria.answers import Ratio, YesNo
from criteria.definition import RollUp
from criteria.scoring import ConfirmedAnswer, Facts, Share, Verdict, effect, result_fields, score

OFFICE = 99
YES, NO = YesNo(True), YesNo(False)


def judged(letter, code, answers, *, areas=None, expected=None, confirmed=None):
    areas = areas or tuple(sorted({unit for unit in answers if unit != OFFICE}))
    facts = Facts(
        areas=areas,
        office=OFFICE,
        counted={(unit, code): value for unit, value in answers.items()},
        expected={(unit, code): count for unit, count in (expected or {}).items()},
        confirmations={code: confirmed} if confirmed else {},
    )
    return score(letter, facts).indicator(code)


def test_counts_are_added_and_shares_never_averaged(letter):
    one = judged(letter, "HT1", {1: Ratio(400, 500), 2: Ratio(10, 10)})
    assert (one.ratio.numerator, one.ratio.denominator) == (410, 510)
    assert one.verdict is Verdict.NOT_MET


def test_8496_of_10000_is_not_met(letter):
    one = judged(letter, "HT1", {1: Ratio(8496, 10000)})
    assert (one.verdict, one.ratio.gap) == (Verdict.NOT_MET, 4)


def test_a_share_exactly_on_the_threshold_is_met(letter):
    one = judged(letter, "HT1", {1: Ratio(85, 100)})
    assert (one.verdict, one.ratio.gap, one.by_totals) == (Verdict.MET, 0, False)


def test_a_missing_area_keeps_it_open_with_bounds_and_a_running_figure(letter):
    one = judged(letter, "HT1", {1: Ratio(80, 100)}, areas=(1, 2), expected={2: 100})
    assert one.verdict is Verdict.INSUFFICIENT
    assert not one.certain
    assert (one.ratio.low, one.ratio.high) == (Fraction(80, 200), Fraction(180, 200))
    assert one.ratio.value == Fraction(80, 100)
    assert one.ratio.deciding == (2,)
    assert (one.units_in, len(one.units)) == (1, 2)
    assert one.ratio.expected == 200


def test_bounds_make_a_verdict_certain_while_totals_stay(letter):
    met = judged(letter, "HT1", {1: Ratio(990, 1000)}, areas=(1, 2), expected={2: 100})
    assert (met.verdict, met.by_totals) == (Verdict.MET, True)
    lost = judged(letter, "HT1", {1: Ratio(100, 1000)}, areas=(1, 2), expected={2: 100})
    assert (lost.verdict, lost.by_totals, lost.ratio.out_of_reach) == (Verdict.NOT_MET, True, True)
    assert lost.ratio.deciding == ()


def test_an_unknown_expected_total_gives_no_bounds_and_names_the_area(letter):
    one = judged(letter, "HT1", {1: Ratio(0, 1000)}, areas=(1, 2, 3), expected={2: 5})
    assert one.verdict is Verdict.INSUFFICIENT
    assert (one.ratio.low, one.ratio.high, one.ratio.unknown) == (None, None, (3,))


def test_one_uncovered_person_settles_a_threshold_of_100_percent(letter):
    one = judged(letter, "HT2", {1: Ratio(4, 5)}, areas=(1, 2))
    assert (one.verdict, one.by_totals, one.ratio.low) == (Verdict.NOT_MET, False, None)
    assert one.ratio.unknown == (2, OFFICE)


def test_the_office_is_one_more_unit_with_its_own_total(letter):
    one = judged(letter, "HT2", {1: Ratio(5, 5), OFFICE: Ratio(20, 20)})
    assert (one.verdict, one.ratio.denominator) == (Verdict.MET, 25)
    alone = judged(letter, "HT2", {1: Ratio(5, 5)}, expected={OFFICE: 20})
    assert (alone.verdict, alone.ratio.deciding) == (Verdict.INSUFFICIENT, (OFFICE,))


def test_all_units_zero_is_not_applicable_and_not_met(letter):
    one = judged(letter, "KT2", {1: Ratio(0, 0), 2: Ratio(0, 0)})
    assert (one.verdict, one.ratio.value, one.ratio.gap) == (Verdict.NOT_APPLICABLE, None, None)
    dossiers = judged(letter, "CQ1", {OFFICE: Ratio(0, 0)})
    assert dossiers.verdict is Verdict.NOT_APPLICABLE


def test_an_area_with_a_total_of_zero_adds_nothing(letter):
    one = judged(letter, "KT2", {1: Ratio(7, 10), 2: Ratio(0, 0)})
    assert (one.verdict, one.ratio.denominator) == (Verdict.MET, 10)


def test_a_missing_unit_is_never_taken_as_zero(letter):
    nobody = judged(letter, "KT2", {}, areas=(1, 2), expected={1: 0, 2: 0})
    assert nobody.verdict is Verdict.INSUFFICIENT
    rest = judged(letter, "KT2", {1: Ratio(7, 10)}, areas=(1, 2), expected={2: 0})
    assert (rest.verdict, rest.missing) == (Verdict.MET, (2,))


def test_a_round_without_areas_leaves_their_indicators_open(letter):
    result = score(letter, Facts(areas=(), office=OFFICE))
    assert result.open == result.total == 13


def test_the_gap_and_the_areas_with_most_uncovered_people(letter):
    one = judged(letter, "HT1", {1: Ratio(90, 100), 2: Ratio(20, 100), 3: Ratio(50, 100)})
    assert one.ratio.gap == 255 - 160
    assert one.ratio.uncovered == (Share(2, 80), Share(3, 50), Share(1, 10))


def test_deciding_units_are_taken_by_expected_total_then_area_order(letter):
    one = judged(
        letter,
        "HT1",
        {1: Ratio(80, 100)},
        areas=(1, 2, 3, 4),
        expected={2: 10, 3: 100, 4: 100},
    )
    # 310 * 85 % = 263.5 -> 264, short by 184: both hundreds, not the ten
    assert one.ratio.deciding == (3, 4)


@pytest.mark.parametrize(
    ("code", "answers", "verdict"),
    [
        ("KT3", {1: YES}, Verdict.MET),
        ("KT3", {1: NO, 2: NO}, Verdict.INSUFFICIENT),
        ("KT3", {1: NO, 2: NO, 3: NO}, Verdict.NOT_MET),
        ("CQ3", {1: NO}, Verdict.NOT_MET),
        ("CQ3", {1: YES, 2: YES}, Verdict.INSUFFICIENT),
        ("CQ3", {1: YES, 2: YES, 3: YES}, Verdict.MET),
        ("CQ2", {}, Verdict.INSUFFICIENT),
        ("CQ2", {OFFICE: YES}, Verdict.MET),
        ("CQ2", {OFFICE: NO}, Verdict.NOT_MET),
    ],
)
def test_yes_no_roll_ups(letter, code, answers, verdict):
    assert judged(letter, code, answers, areas=(1, 2, 3)).verdict is verdict


@pytest.mark.parametrize(
    ("yes", "no", "verdict", "needed"),
    [
        (2, 0, Verdict.MET, 0),  # 25 % of 5 areas is 1.25: two are needed
        (1, 0, Verdict.INSUFFICIENT, 1),
        (1, 3, Verdict.INSUFFICIENT, 1),
        (0, 3, Verdict.INSUFFICIENT, 2),
        (0, 4, Verdict.NOT_MET, 2),
    ],
)
def test_a_share_of_areas_counts_all_areas_of_the_round(letter, yes, no, verdict, needed):
    shared = letter.indicator("KT3").model_copy(
        update={"roll_up": RollUp.SHARE, "share": Fraction(1, 4)}
    )
    criteria = letter.model_copy(update={"indicators": (shared,)})
    answers = dict(enumerate([YES] * yes + [NO] * no, start=1))
    one = judged(criteria, "KT3", answers, areas=(1, 2, 3, 4, 5))
    assert (one.verdict, one.yes_no.needed) == (verdict, needed)


@pytest.mark.parametrize("answer", [True, False])
def test_a_confirmation_is_the_verdict_and_the_areas_answer_is_kept_beside_it(letter, answer):
    word = ConfirmedAnswer(answer, "kiểm tra ngày 20/11")
    one = judged(letter, "CQ3", {1: YES, 2: NO}, areas=(1, 2, 3), confirmed=word)
    assert one.verdict is (Verdict.MET if answer else Verdict.NOT_MET)
    assert (one.own, one.confirmation) == (Verdict.NOT_MET, word)
    assert (len(one.yes_no.said_yes), len(one.yes_no.said_no), one.yes_no.unknown) == (1, 1, 1)


def test_a_confirmation_of_the_offices_own_indicator_changes_nothing(letter):
    one = judged(letter, "CQ2", {OFFICE: NO}, areas=(1,), confirmed=ConfirmedAnswer(True, "x"))
    assert (one.verdict, one.confirmation) == (Verdict.NOT_MET, None)


def everything_met():
    areas = (1, 2)
    shares = {(unit, code): Ratio(9, 10) for unit in areas for code in ("HT1", "KT1", "KT2")}
    cadres = {(unit, "HT2"): Ratio(5, 5) for unit in (1, 2, OFFICE)}
    said = {(unit, code): YES for unit in areas for code in ("CQ3", "CQ4", "KT3", "XH1")}
    office = {(OFFICE, code): YES for code in ("CQ2", "CQ5", "XH2", "XH3")}
    counted = shares | cadres | said | office | {(OFFICE, "CQ1"): Ratio(75, 100)}
    return Facts(areas=areas, office=OFFICE, counted=counted)


def test_a_commune_is_smart_only_when_all_thirteen_are_met(letter):
    facts = everything_met()
    result = score(letter, facts)
    assert (result.met, result.total, result.smart_commune) == (13, 13, True)
    none = Facts(facts.areas, OFFICE, {**facts.counted, (OFFICE, "CQ1"): Ratio(0, 0)})
    result = score(letter, none)
    assert (result.met, result.not_applicable, result.smart_commune) == (12, 1, False)
    assert [(group.code, group.met, group.total) for group in result.groups] == [
        ("HT", 2, 2),
        ("CQ", 4, 5),
        ("KT", 3, 3),
        ("XH", 3, 3),
    ]


def test_the_effect_names_what_an_answer_changed(letter):
    facts = everything_met()
    later = Facts(facts.areas, OFFICE, {**facts.counted, (1, "HT1"): Ratio(1, 10)})
    (change,) = effect(score(letter, facts), score(letter, later))
    assert (change.code, change.verdict_changed) == ("HT1", True)
    assert change.difference == Fraction(10, 20) - Fraction(18, 20)


def test_json_fields_are_cut_to_four_decimals(letter):
    facts = Facts(
        areas=(1, 2),
        office=OFFICE,
        counted={(1, "HT1"): Ratio(2, 3), (1, "KT3"): YES},
        expected={(2, "HT1"): 3},
        confirmations={"CQ3": ConfirmedAnswer(True, "đã kiểm tra")},
    )
    fields = result_fields(score(letter, facts))
    by_code = {one["code"]: one for one in fields["indicators"]}
    assert by_code["HT1"] == {
        "code": "HT1",
        "group": "HT",
        "kind": "ratio",
        "unit": "people",
        "verdict": "not_met",
        "certain": True,
        "numerator": 2,
        "denominator": 3,
        "value": "0.6666",
        "threshold": "0.8500",
        "gap": 1,
        "low": "0.3333",
        "high": "0.8333",
        "yes": None,
        "no": None,
        "unknown": None,
        "deciding": [],
        "confirmed_by_office": None,
    }
    assert (by_code["KT3"]["yes"], by_code["KT3"]["unknown"]) == (1, 1)
    assert by_code["CQ3"]["confirmed_by_office"] == {"answer": True, "reason": "đã kiểm tra"}
    assert by_code["CQ3"]["verdict"] == "met"
    assert fields["met"] + fields["not_met"] + fields["open"] + fields["not_applicable"] == 13
