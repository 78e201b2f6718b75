"""The texts of questions: ages, totals and numbers in each language."""

import pytest

from criteria.definition import Age
from criteria.sets.set_file import parse_criteria, shipped_text
from criteria.wording import age_text, count_text, fill, question

LETTER = parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024.toml")


@pytest.mark.parametrize(
    ("age", "vi", "en"),
    [
        (Age(years=61, months=6), "61 tuổi 6 tháng", "61 years 6 months"),
        (Age(years=57), "57 tuổi", "57 years"), (Age(years=0, months=1), "0 tuổi 1 tháng", "0 years 1 months"),
    ],
)  # fmt: skip
def test_an_age_is_shown_with_its_months(age, vi, en):
    assert (age_text(age, "vi"), age_text(age, "en")) == (vi, en)


def test_numbers_have_thousands_separators():
    assert [count_text(number, "vi") for number in (0, 999, 1000, 1234567)] == [
        "0", "999", "1.000", "1.234.567",
    ]  # fmt: skip
    assert count_text(1000, "en") == "1,000"


def test_an_unknown_total_is_left_open():
    assert fill("{total} · {adult_age}", LETTER, 2026, "vi") == "… · 18"
    assert fill("{total}", LETTER, 2026, "vi", total=0) == "0"
    assert fill("{working_age_men}", LETTER, 2026, "en") == "61 years 6 months"


def test_with_a_known_total_only_the_numerator_is_asked():
    phones = LETTER.indicator("HT1")
    text = phones.text("vi")
    assert question(LETTER, phones, 2026, "vi", total=400) == fill(
        text.question, LETTER, 2026, "vi", total=400
    )
    assert question(LETTER, phones, 2026, "vi") == fill(text.question_pair, LETTER, 2026, "vi")
    team = LETTER.indicator("CQ3")
    assert question(LETTER, team, 2026, "vi") == team.text("vi").question
