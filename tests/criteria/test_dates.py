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
def test_what_people_write(text, day):
    assert read_date(text, TODAY).day == date(*day)


@pytest.mark.parametrize("text", ["31/11", "32", "13/13", "30/2", "30/2/2027", "cuối tháng 13"])
def test_days_that_do_not_exist(text):
    assert read_date(text, TODAY).reason == "no_such_day"


@pytest.mark.parametrize(
    "text",
    ["", "350/400", "17h 25/11", "tuần sau", "tháng 12", "sớm", "25/11 hoặc 26/11", "25/11-30/11",
     "1.150/1.234", "x" * 500],
)  # fmt: skip
def test_what_is_unclear_is_never_guessed(text):
    assert read_date(text, TODAY).reason == "not_a_date"


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(-180, 150))
def test_a_date_without_a_year_is_the_nearest(today, days):
    meant = today + timedelta(days=days)
    if (meant.month, meant.day) != (2, 29):
        assert read_date(f"{meant.day}/{meant.month}", today).day == meant or days < 0


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_nothing_breaks_it(text, today):
    read_date(text, today)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_end_of_a_month(day):
    last = end_of_month(day)
    assert last.month == day.month
    assert (last + timedelta(days=1)).day == 1
