"""Dates as people type them, read on Monday 23 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.dates import end_of_month, read_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/11", (2026, 11, 25)),
        ("25-11-2026", (2026, 11, 25)),
        ("25.11.26", (2026, 11, 25)),
        (" 25 / 11 ", (2026, 11, 25)),
        ("25–11", (2026, 11, 25)),
        ("2026-11-25", (2026, 11, 25)),
        ("ngày 25", (2026, 11, 25)),
        ("25", (2026, 11, 25)),
        ("5", (2026, 12, 5)),
        ("mùng 5", (2026, 12, 5)),
        ("ngày 25 tháng 11", (2026, 11, 25)),
        ("25 tháng 11 năm 2027", (2027, 11, 25)),
        ("25 thang 11", (2026, 11, 25)),
        ("5/1", (2027, 1, 5)),
        ("20/11", (2026, 11, 20)),
        ("đến hết ngày 30/11 ạ", (2026, 11, 30)),
        ("hôm nay", (2026, 11, 23)),
        ("mai", (2026, 11, 24)),
        ("ngày kia", (2026, 11, 25)),
        ("thứ sáu", (2026, 11, 27)),
        ("Thứ 6", (2026, 11, 27)),
        ("thu sau", (2026, 11, 27)),
        ("thứ hai", (2026, 11, 30)),
        ("thứ sáu tuần sau", (2026, 12, 4)),
        ("chủ nhật", (2026, 11, 29)),
        ("cuối tuần", (2026, 11, 29)),
        ("cuối tháng", (2026, 11, 30)),
        ("hết tháng này", (2026, 11, 30)),
        ("hết tháng", (2026, 11, 30)),
        ("cuối tháng sau", (2026, 12, 31)),
        ("cuối tháng 2", (2027, 2, 28)),
        ("hết tháng 12/2026", (2026, 12, 31)),
        ("10 ngày nữa", (2026, 12, 3)),
        ("sáu ngày nữa", (2026, 11, 29)),
        ("sau 2 tuần", (2026, 12, 7)),
        ("cuối năm", (2026, 12, 31)),
        ("25 Nov", (2026, 11, 25)),
        ("Nov 25, 2027", (2027, 11, 25)),
        ("next friday", (2026, 12, 4)),
        ("end of the month", (2026, 11, 30)),
        ("in 7 days", (2026, 11, 30)),
        ("tomorrow", (2026, 11, 24)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert read_date(text, TODAY).day == date(*day)


@pytest.mark.parametrize("text", ["31/11", "32", "13/13", "30/2", "30/2/2027", "cuối tháng 13"])
def test_days_that_do_not_exist_are_refused(text):
    assert read_date(text, TODAY).reason == "no_such_day"


@pytest.mark.parametrize(
    "text",
    ["", "350/400", "17h 25/11", "tuần sau", "tháng 12", "sớm", "25/11 hoặc 26/11", "25/11-30/11",
     "1.150/1.234", "x" * 500],
)  # fmt: skip
def test_an_unclear_date_is_never_guessed(text):
    assert read_date(text, TODAY).reason == "not_a_date"


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(-180, 150))
def test_a_date_without_a_year_is_the_nearest_one(today, days):
    meant = today + timedelta(days=days)
    if (meant.month, meant.day) != (2, 29):
        assert read_date(f"{meant.day}/{meant.month}", today).day == meant or days < 0


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_no_text_makes_the_reading_fail(text, today):
    read_date(text, today)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_end_of_a_month(day):
    last = end_of_month(day)
    assert last.month == day.month
    assert (last + timedelta(days=1)).day == 1


def days_on(days):
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("number", "words"),
    list(
        enumerate(
        ("một one", "hai two", "ba three", "bốn four", "năm five", "sáu six", "bảy seven", "tám",
         "chín", "mười ten"),
            start=1,
        )
    ),
)  # fmt: skip
def test_every_number_in_words(number, words):
    for word in words.split():
        assert read_date(f"{word} ngày nữa", TODAY).day == days_on(number)


@pytest.mark.parametrize(
    ("weekday", "words"),
    [
        (0, "thứ hai, thứ 2, t2, monday, mon"),
        (1, "thứ ba, thứ 3, t3, tuesday, tue"),
        (2, "thứ tư, thứ 4, t4, wednesday, wed"),
        (3, "thứ năm, thứ 5, t5, thursday, thu"),
        (4, "thứ sáu, thứ 6, t6, friday, fri"),
        (5, "thứ bảy, thứ 7, t7, saturday, sat"),
        (6, "chủ nhật, cn, sunday, sun"),
    ],
)
def test_a_weekday_is_the_next_one_or_that_of_the_named_week(weekday, words):
    for word in words.split(", "):
        # Today is a Monday, and "thứ hai" is never today.
        assert read_date(word, TODAY).day == days_on(weekday or 7)
        assert read_date(f"{word} tuần này", TODAY).day == days_on(weekday)
        assert read_date(f"{word} tuần sau", TODAY).day == days_on(weekday + 7)
        assert read_date(f"{word} tuần tới", TODAY).day == days_on(weekday + 7)
        assert read_date(f"next {word}", TODAY).day == days_on(weekday + 7)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("hôm nay", 0), ("nay", 0), ("today", 0), ("mai", 1), ("ngày mai", 1), ("tomorrow", 1),
        ("kia", 2), ("ngày kia", 2), ("mốt", 2), ("ngày mốt", 2), ("cuối tuần", 6),
        ("cuối tuần này", 6), ("cuối tuần sau", 13), ("cuối tuần tới", 13),
        ("sau 3 ngày", 3), ("3 ngày tới", 3), ("1 day", 1), ("in 2 weeks", 14), ("1 tuần nữa", 7),
    ],
)  # fmt: skip
def test_every_way_to_say_in_so_many_days(text, days):
    assert read_date(text, TODAY).day == days_on(days)


@pytest.mark.parametrize(
    ("month", "names"),
    list(
        enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"),
            start=1,
        )
    ),
)  # fmt: skip
def test_every_english_month_before_and_after_the_day(month, names):
    for name in names.split():
        for text in (f"3 {name} 2027", f"{name} 3rd, 2027", f"3rd {name}, 2027"):
            assert read_date(text, TODAY).day == date(2027, month, 3)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        # Without a year a date up to half a year ago is in this year.
        ((2026, 8, 1), "30/1", (2026, 1, 30)),
        ((2026, 8, 1), "29/1", (2027, 1, 29)),
        # A number alone is the next day with that number, including today, also in the next year.
        ((2026, 11, 23), "23", (2026, 11, 23)),
        ((2026, 11, 23), "22", (2026, 12, 22)),
        ((2026, 12, 23), "22", (2027, 1, 22)),
        # The end of a named month: of this year unless the month is over.
        ((2026, 11, 23), "cuối tháng 11", (2026, 11, 30)),
        ((2026, 11, 23), "cuối tháng 10", (2027, 10, 31)),
        ((2026, 11, 23), "cuối tháng 1", (2027, 1, 31)),
        ((2026, 12, 5), "cuối tháng sau", (2027, 1, 31)),
        ((2026, 11, 23), "end of next month", (2026, 12, 31)),
        ((2026, 11, 29), "cuối tuần", (2026, 11, 29)),
        ((2024, 1, 5), "29/2", (2024, 2, 29)),
    ],
)
def test_the_edges_of_years_months_and_weeks(today, text, day):
    assert read_date(text, date(*today)).day == date(*day)


@pytest.mark.parametrize("text", ["0/5", "5/0", "0", "32/1", "12/0/2027", "cuối tháng 0"])
def test_a_day_or_month_of_zero_does_not_exist(text):
    assert read_date(text, TODAY).reason == "no_such_day"


def test_a_text_may_have_sixty_characters_and_no_more():
    day, spaces = "25 tháng 11", "trước " * 8
    longest = f"{spaces}ngày {day}"
    assert read_date(longest, TODAY).day == date(2026, 11, 25)
    assert read_date("x" * 61, TODAY).reason == "not_a_date"
