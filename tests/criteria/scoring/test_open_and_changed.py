"""What a missing report can still change, in order; changes of shares between two results."""

from fractions import Fraction

from criteria.answers import Ratio, YesNo
from criteria.scoring import Facts, Verdict, decides, effect, score, undecided_for
from criteria.scoring.change import compare

OFFICE = 99


def result(letter, answers, expected, areas=(1, 2, 3)):
    return score(letter, Facts(areas, OFFICE, answers, expected, {}))


def two_open(letter):
    """Area 2 alone would settle HT1, area 3 alone would settle KT1: there area 2 is too small."""
    answers = {(1, "HT1"): Ratio(84, 100), (1, "KT1"): Ratio(60, 100)}
    expected = {(2, "HT1"): 100, (3, "HT1"): 1, (2, "KT1"): 10, (3, "KT1"): 300}
    return result(letter, answers, expected)


def test_indicators_that_a_unit_decides_come_first_then_the_order_of_the_set(letter):
    made = two_open(letter)
    by_code = {one.code: one for one in made.indicators}
    assert by_code["HT1"].ratio.deciding == (2,)
    assert by_code["KT1"].ratio.deciding == (3,)
    order = [one.code for one in letter.indicators]
    of_2, of_3 = undecided_for(made, 2), undecided_for(made, 3)
    assert (of_2[0], of_3[0]) == ("HT1", "KT1")
    assert {"HT1", "KT1"} <= set(of_2) & set(of_3)
    for codes in (of_2, of_3):  # behind the one that it decides
        assert sorted(codes[1:], key=order.index) == list(codes[1:])


def test_an_indicator_that_a_unit_decides_comes_before_earlier_ones_of_the_set(letter):
    order = [one.code for one in letter.indicators]
    assert order.index("HT1") < order.index("KT1")
    of_3 = undecided_for(two_open(letter), 3)
    assert of_3.index("KT1") < of_3.index("HT1")


def test_settled_indicators_and_answered_ones_are_not_open_to_a_unit(letter):
    answers = {(unit, "HT1"): Ratio(90, 100) for unit in (1, 2)} | {(1, "CQ3"): YesNo(yes=True)}
    made = result(letter, answers, {(3, "HT1"): 5})
    assert made.indicator("HT1").verdict is Verdict.MET  # whatever area 3 says
    assert "HT1" not in undecided_for(made, 3)
    assert "HT1" not in undecided_for(made, 1)


def test_a_unit_decides_only_among_the_fewest_that_would_settle(letter):
    made = two_open(letter)
    assert decides(made, 2)
    assert decides(made, 3)
    assert not decides(made, 1)
    assert not decides(result(letter, {}, {}), 1)  # without any total nobody can be named


def change(letter, before, after):
    both = (result(letter, answers, {}, areas=(1,)) for answers in (before, after))
    return next(one for one in compare(*both) if one.code == "HT1")


def test_a_share_moves_by_the_difference(letter):
    one = change(letter, {(1, "HT1"): Ratio(80, 100)}, {(1, "HT1"): Ratio(86, 100)})
    assert one.difference == Fraction(6, 100)
    assert one.verdict_changed


def test_a_share_that_falls_moves_below_zero(letter):
    one = change(letter, {(1, "HT1"): Ratio(80, 100)}, {(1, "HT1"): Ratio(50, 100)})
    assert one.difference == Fraction(-30, 100)
    assert not one.verdict_changed


def test_without_a_share_on_both_sides_there_is_no_difference(letter):
    share, nobody, nothing = {(1, "HT1"): Ratio(80, 100)}, {(1, "HT1"): Ratio(0, 0)}, {}
    for none in (nobody, nothing):
        assert change(letter, none, share).difference is None
        assert change(letter, share, none).difference is None
        assert change(letter, none, none).difference is None


def test_an_effect_lists_changed_indicators_in_the_order_of_the_set(letter):
    before = result(letter, {(1, "HT1"): Ratio(8, 10), (1, "CQ3"): YesNo(yes=False)}, {})
    after = result(
        letter,
        {(1, "HT1"): Ratio(8, 10), (2, "KT1"): Ratio(1, 2), (1, "CQ3"): YesNo(yes=True)},
        {},
    )
    found = [one.code for one in effect(before, after)]
    assert "HT1" not in found
    assert {"KT1", "CQ3"} <= set(found)
    order = [one.code for one in letter.indicators]
    assert found == sorted(found, key=order.index)
