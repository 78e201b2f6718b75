"""What if: the score with one changed answer, and the least count that reaches a share."""

from fractions import Fraction

from criteria.answers import Ratio, YesNo
from criteria.scoring import Facts, ratio_reaching, suppose


def test_supposing_changes_one_answer_and_leaves_the_facts_alone():
    facts = Facts((1, 2), 9, {(1, "HT1"): Ratio(3, 4), (2, "HT1"): Ratio(1, 4)})
    changed = suppose(facts, 2, "HT1", Ratio(4, 4))
    assert changed.counted == {(1, "HT1"): Ratio(3, 4), (2, "HT1"): Ratio(4, 4)}
    assert facts.counted[2, "HT1"] == Ratio(1, 4)
    assert suppose(facts, 1, "KT3", YesNo(True)).counted[1, "KT3"] == YesNo(True)


def test_a_share_is_reached_by_the_smallest_sufficient_count():
    facts = Facts((1, 2, 3), 9, {(1, "HT1"): Ratio(300, 412)}, {(1, "HT1"): 400, (2, "HT1"): 333})
    assert ratio_reaching(facts, 1, "HT1", Fraction(9, 10)) == Ratio(371, 412)
    assert ratio_reaching(facts, 2, "HT1", Fraction(1)) == Ratio(333, 333)
    assert ratio_reaching(facts, 2, "HT1", Fraction(0)) == Ratio(0, 333)
    assert ratio_reaching(facts, 3, "HT1", Fraction(9, 10)) is None
