"""Shares as people read them: cut, never shown above the threshold when they are below it."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.percent import decimal_text, decimals, line_text, percent_text, share_text

LINE = Fraction(85, 100)


@pytest.mark.parametrize(
    ("numerator", "denominator", "line", "shown"),
    [
        (8496, 10000, LINE, "84,96 %"),
        (84999, 100000, LINE, "84,99 %"),
        (849999999, 1000000000, LINE, "84,99 %"),
        (85, 100, LINE, "85,00 %"),
        (8511, 10000, LINE, "85,1 %"),
        (410, 510, LINE, "80,3 %"),
        (999, 1000, None, "99,9 %"),
        (1999, 2000, None, "99,9 %"),
        (0, 7, LINE, "0,0 %"),
        (7, 7, None, "100 %"),
        (9999, 10000, Fraction(1), "99,99 %"),
        (99999, 100000, Fraction(1), "99,99 %"),
        (0, 0, LINE, "—"),
        (66666, 100000, Fraction(2, 3), "66,6660 %"),
    ],
)
def test_shares_are_cut_and_have_a_second_decimal_near_the_threshold(
    numerator, denominator, line, shown
):
    text = percent_text(numerator, denominator, line, "vi")
    assert text.replace("\u00a0", " ") == shown


def test_english_writes_a_point_and_no_space():
    assert percent_text(8496, 10000, LINE, "en") == "84.96%"
    assert line_text(LINE, "en") == "85%"


def test_a_threshold_is_written_with_the_decimals_that_it_has():
    assert line_text(LINE, "vi") == "85\u00a0%"
    assert line_text(Fraction(5, 8), "vi") == "62,5\u00a0%"
    assert line_text(Fraction(1), "vi") == "100\u00a0%"


@settings(max_examples=300)
@given(st.integers(1, 20000), st.data(), st.integers(1, 100))
def test_a_share_below_the_threshold_is_never_shown_on_or_above_it(denominator, data, percent):
    numerator = data.draw(st.integers(0, denominator))
    line = Fraction(percent, 100)
    text = percent_text(numerator, denominator, line, "en")
    shown = Fraction(re.sub("%", "", text)) / 100
    value = Fraction(numerator, denominator)
    assert shown <= value
    assert (shown >= line) == (value >= line)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(8496, 10000), "0.8496"),
        (Fraction(2, 3), "0.6666"),
        (Fraction(0), "0.0000"),
        (Fraction(1), "1.0000"),
        (Fraction(3, 40000), "0.0000"),
        (None, None),
    ],
)
def test_json_shares_are_cut_to_four_decimals(share, text):
    assert decimal_text(share) == text


@pytest.mark.parametrize(
    ("share", "line", "places"),
    [
        (Fraction(851, 1000), LINE, 2), (Fraction(8511, 10000), LINE, 1),
        (Fraction(849, 1000), LINE, 2), (Fraction(8489, 10000), LINE, 1),
        (Fraction(849999, 1000000), LINE, 2), (Fraction(1), LINE, 0), (Fraction(1, 3), None, 1),
        (Fraction(2, 3) - Fraction(1, 10**6), Fraction(2, 3), 4), (Fraction(85, 100), LINE, 2),
    ],
)  # fmt: skip
def test_a_share_has_enough_decimals_to_show_its_side_of_the_threshold(share, line, places):
    assert decimals(share, line) == places


def test_a_threshold_has_at_most_four_decimals():
    for line, text in (
        (Fraction(1, 3), "1/3"), (Fraction(1, 800), "0.125%"), (Fraction(17, 20), "85%"),
        (Fraction(1, 160000), "1/160000"),
    ):  # fmt: skip
        assert line_text(line, "en") == text
    assert decimal_text(Fraction(1, 3), places=2) == "0.33"
    assert share_text(Fraction(1, 3), None, "en") == "33.3%"
