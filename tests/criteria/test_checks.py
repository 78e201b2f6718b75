"""What is refused and what is confirmed once, at the edge of each rule."""

import pytest

from criteria.answers import Ratio, YesNo
from criteria.checks import Refusal, check, refusal
from criteria.kinds import kind_of


@pytest.mark.parametrize(
    ("numerator", "denominator", "why"),
    [
        (5, 4, Refusal.MORE_THAN_TOTAL),
        (-1, 4, Refusal.NEGATIVE),
        (0, -1, Refusal.NEGATIVE),
        (4, 4, None),
        (0, 0, None),
    ],
)
def test_impossible_counts_are_refused(numerator, denominator, why):
    assert refusal(numerator, denominator) == why


@pytest.mark.parametrize(
    ("denominator", "expected", "doubted"),
    [
        (480, 400, False),
        (481, 400, True),
        (320, 400, False),
        (319, 400, True),
        (0, 400, True),
        (1, 0, True),
        (0, 0, False),
        (999, None, False),
    ],
)
def test_a_total_more_than_a_fifth_off_is_confirmed(denominator, expected, doubted):
    found = check(Ratio(0, denominator), expected, None)
    assert [str(doubt) for doubt in found] == (["total"] if doubted else [])


@pytest.mark.parametrize(
    ("numerator", "last", "doubted"),
    [
        (120, 100, False),
        (121, 100, True),
        (80, 100, False),
        (79, 100, True),
        (15, 10, False),  # 50 % more, but only five people
        (16, 10, True),
        (5, 0, False),
        (6, 0, True),
    ],
)
def test_a_numerator_is_confirmed_when_it_is_a_fifth_and_more_than_five_off(
    numerator, last, doubted
):
    found = check(Ratio(numerator, 1000), 1000, Ratio(last, 1000))
    assert [str(doubt) for doubt in found] == (["numerator"] if doubted else [])


def test_two_doubts_are_returned_together_with_their_numbers():
    total, numerator = check(Ratio(10, 100), 400, Ratio(350, 400))
    assert (total.given, total.usual) == (100, 400)
    assert (numerator.given, numerator.usual) == (10, 350)


def test_a_yes_no_answer_is_never_doubted():
    assert kind_of("yes_no").doubts(YesNo(True), 400, YesNo(False)) == ()
    assert check(Ratio(1, 2), 2, YesNo(False)) == ()
