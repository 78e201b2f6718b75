"""A quantity against a threshold: its rules in a set, its reading, its score, its JSON fields."""

from itertools import product
from pathlib import Path

import pytest

from criteria.answers import Quantity, Ratio, YesNo
from criteria.kinds import kind_of, kind_of_value
from criteria.reading.whole_report import questions_of, read_report
from criteria.scoring import Facts, Verdict, best_actions, effect, result_fields, score
from criteria.sets.set_file import CriteriaError, parse_criteria
from handlers.rounds.criteria_sets import one_line
from handlers.texts import texts_of

TEXT = (Path(__file__).parents[2] / "xa-hoc-tap-2026.toml").read_text(encoding="utf-8")
SET = parse_criteria(TEXT, "xa-hoc-tap-2026.toml")
QUANTITY = kind_of("quantity")
OFFICE = 9


def facts(code, *numbers):
    """Areas 1, 2, 3 … with these numbers; None where one has not answered."""
    counted = {(n, code): Quantity(one) for n, one in enumerate(numbers, 1) if one is not None}
    return Facts(tuple(range(1, len(numbers) + 1)), OFFICE, counted)


def result(code, *numbers):
    """The result of the indicator for these answers of areas."""
    return score(SET, facts(code, *numbers)).indicator(code)


def fields(code, *numbers):
    """The same as JSON fields."""
    found = result_fields(score(SET, facts(code, *numbers)))["indicators"]
    return next(one for one in found if one["code"] == code)


# --- the set ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ("threshold = 5", "", "indicators.1 (LH1).threshold: a quantity needs one"),
        ("threshold = 5", 'threshold = "85 %"', "threshold: must be a whole number without quotes"),
        ("threshold = 5", "threshold = 0", "threshold: must be a whole number without quotes"),
        ("threshold = 5", "threshold = 2.5", "threshold: must be a whole number without quotes"),
        ("threshold = 5", "threshold = true", "threshold: must be a whole number without quotes"),
        ('roll_up = "each"', 'roll_up = "all"', 'a quantity is "sum" or "each" (is all)'),
        ('roll_up = "any"', 'roll_up = "each"', "indicators.3 (LH3).roll_up: a yes/no can't be"),
        ('unit = "buổi"', "", "indicators.2 (LH2).text.vi.unit: a quantity needs one"),
        (
            'asked_of = "area"\nroll_up = "each"',
            'asked_of = "office"\nroll_up = "each"',
            'indicators.2 (LH2).asked_of: must be "area" with roll_up = "each"',
        ),
        ("threshold = 5", 'threshold = 5\nfigure = "adults"', "figure: a quantity has no denom"),
        ('unit = "máy"', 'unit = "máy"\nquestion_pair = "?"', "question_pair: a quantity has none"),
        ("khu mình đã mở", "trong {total} đã mở", "unknown placeholder {total}"),
    ],
)
def test_a_wrong_set_is_refused_and_the_place_is_named(was, becomes, place):
    assert TEXT.count(was) >= 1
    assert place in refused(TEXT.replace(was, becomes, 1))


def refused(text):
    """What is wrong with the text, in English."""
    with pytest.raises(CriteriaError) as error:
        parse_criteria(text, "x.toml")
    return "\n".join(one_line(one, texts_of("en")) for one in error.value.problems)


def test_a_ratio_threshold_cannot_be_a_whole_number():
    shipped = TEXT.replace('kind = "quantity"\nthreshold = 5', 'kind = "ratio"\nthreshold = 1')
    assert 'must be a text such as "85 %"' in refused(shipped)


# --- replies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "outcome", "reading"),
    [
        ("3", "value", "3"),
        ("3 lớp", "value", "3"),
        ("ba lớp ạ", "value", "3"),
        ("có 3 lớp", "value", "3"),
        ("3 Lớp thôi", "value", "3"),
        ("chưa có lớp nào", "value", "0"),
        ("không có lớp nào", "value", "0"),
        ("0", "value", "0"),
        ("khoảng 3 lớp", "confirm", "3"),
        ("mở được 3 lớp", "confirm", "3"),
        ("chưa có", "confirm", "0"),
        ("không", "confirm", "0"),
        ("hơn 3 lớp", "ask", ""),
        ("3/5", "ask", ""),
        ("tất cả", "ask", ""),
        ("2-3 lớp", "ask", ""),
        ("-1", "ask", ""),
        ("2,5", "ask", ""),
        ("chưa", "ask", ""),
        ("có rồi", "ask", ""),
        ("3 lớpx", "ask", ""),
        ("3 lop", "value", "3"),
        ("3 classes", "value", "3"),
        ("lớp: 3", "value", "3"),
        ("lớp 3", "confirm", "3"),  # perhaps the third one
        ("cả 3 lớp", "confirm", "3"),
        ("mỗi xóm 2 lớp", "confirm", "2"),
        ("mới được 2 lớp", "value", "2"),
        ("chưa mở 2 lớp", "ask", ""),
        ("thêm 2 lớp", "ask", ""),
        ("3 lowps", "value", "3"),
        ("chua co lop nao", "value", "0"),
        ("30 người", "ask", ""),  # people, not classes
        ("3 máy", "ask", ""),
        ("3 lớp 45 người", "ask", ""),
        ("để sau", "command", "skip"),
        ("chưa biết", "command", "unknown"),
    ],
)
def test_a_typed_number_may_have_the_unit_of_the_set(text, outcome, reading):
    found = QUANTITY.read(text, SET.indicator("LH1"), total_known=False)
    assert (found.outcome, found.text_form) == (outcome, reading)


def test_a_whole_report_may_use_the_names_and_units_of_the_set():
    questions = questions_of(SET, office=False)
    found = read_report("1: 3 lớp, 2: chưa có buổi nào, 3 có", questions)
    assert [(one.outcome, one.value) for one in found.answers] == [
        ("value", 3), ("value", 0), ("value", YesNo(True)),
    ]  # fmt: skip
    found = read_report("1: 30 người, 2: 2/5, 3: có", questions)
    assert [one.outcome for one in found.answers] == ["ask", "ask", "value"]


def test_only_a_number_answers_a_quantity():
    assert QUANTITY.completed(3, None) == Quantity(3)
    assert QUANTITY.completed(Ratio(3, 5), None) is None


def test_a_number_far_from_the_last_one_is_doubted_once():
    assert [str(one) for one in QUANTITY.doubts(Quantity(16), None, Quantity(10))] == ["numerator"]
    assert QUANTITY.doubts(Quantity(15), None, Quantity(10)) == ()
    assert QUANTITY.doubts(Quantity(99), None, None) == ()


def test_an_answer_survives_its_button():
    kind = kind_of_value(Quantity(12))
    assert kind is QUANTITY
    assert kind.parsed(kind.written(Quantity(12))) == Quantity(12)
    assert kind.parsed("y") is None


def test_the_parts_of_a_merged_area_are_added():
    assert QUANTITY.combined([Quantity(2), Quantity(3)]) == Quantity(5)


# --- the score --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "verdict", "gap"),
    [
        ((3, 2, None), "met", 0),  # a missing area can only add
        ((3, 1, None), "insufficient", 1),
        ((3, 1, 0), "not_met", 1),
        ((5, 0, 0), "met", 0),
        ((None, None, None), "insufficient", None),
        ((0, 0, 0), "not_met", 5),
    ],
)
def test_a_sum_is_met_as_soon_as_it_reaches_the_threshold(numbers, verdict, gap):
    found = fields("LH1", *numbers)
    assert (found["verdict"], found["gap"]) == (verdict, gap)


@pytest.mark.parametrize(
    ("numbers", "verdict", "gap", "areas"),
    [
        ((2, 5, 2), "met", 0, (3, 0, 0)),
        ((2, 5, None), "insufficient", 0, (2, 0, 1)),
        ((2, 1, None), "not_met", 1, (1, 1, 1)),  # one below settles it
        ((0, 1, 2), "not_met", 3, (1, 2, 0)),
        ((None, None, None), "insufficient", None, (0, 0, 3)),
    ],
)
def test_with_each_every_area_must_reach_the_threshold(numbers, verdict, gap, areas):
    found = fields("LH2", *numbers)
    assert (found["verdict"], found["gap"]) == (verdict, gap)
    assert (found["yes"], found["no"], found["unknown"]) == areas


@pytest.mark.parametrize("code", ["LH1", "LH2"])
def test_a_verdict_is_certain_exactly_when_no_missing_answer_can_change_it(code):
    most = 7  # above every threshold
    for numbers in product([None, 0, 1, 2, 5], repeat=3):
        here = result(code, *numbers)
        open_ = [n for n, one in enumerate(numbers) if one is None]
        ends = set()
        for filled in product(range(most), repeat=len(open_)):
            whole = list(numbers)
            for place, one in zip(open_, filled, strict=True):
                whole[place] = one
            ends.add(result(code, *whole).verdict)
        assert ends == {here.verdict} if here.certain else len(ends) > 1
        if here.certain:
            assert here.verdict in {Verdict.MET, Verdict.NOT_MET}


def test_the_json_fields_are_whole_numbers():
    found = fields("LH1", 3, 1, None)
    assert found["kind"] == "quantity"
    assert (found["numerator"], found["denominator"], found["value"]) == (4, None, 4)
    assert (found["threshold"], found["low"], found["high"]) == (5, 4, None)
    assert (found["yes"], found["no"], found["unknown"], found["deciding"]) == (
        None,
        None,
        None,
        [],
    )
    assert fields("LH1", 3, 1, 1)["high"] == 5
    assert fields("LH1", None, None, None)["value"] is None
    assert (fields("LH2", 2, 1, None)["numerator"], fields("LH2", 2, 1, None)["low"]) == (3, None)


def test_a_quantity_can_be_asked_of_the_office_alone():
    answered = Facts((1, 2), OFFICE, {(OFFICE, "LH4"): Quantity(2)})
    found = score(SET, answered).indicator("LH4")
    assert (found.verdict, found.figures.gap, found.units) == (Verdict.NOT_MET, 1, (OFFICE,))


def test_the_actions_name_the_areas_below_the_threshold():
    given = facts("LH2", 0, 1, 2)
    actions = best_actions(SET, score(SET, given), given)
    reach = next(one for one in actions if one.codes == ("LH2",))
    assert (reach.kind.value, reach.count) == ("reach", 3)
    assert [(share.unit, share.count) for share in reach.units] == [(1, 2), (2, 1)]


def test_a_change_of_one_number_is_an_effect():
    before, after = score(SET, facts("LH1", 1, 1)), score(SET, facts("LH1", 1, 2))
    assert [change.code for change in effect(before, after)] == ["LH1"]
    assert effect(before, before) == ()
