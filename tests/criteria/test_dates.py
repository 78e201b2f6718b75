"""Days as people type them."""

from datetime import date

import pytest

from criteria.dates import read_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/11", date(2026, 11, 25)),
        (" 5/1 ", date(2027, 1, 5)),
        ("23/11", TODAY),
        ("1-3-2026", date(2026, 3, 1)),
        ("29/2", None),
        ("31/4", None),
        ("ngày mai", None),
        ("25/13", None),
        ("٢٥/١١", None),
    ],
)
def test_a_day_is_read_or_not(text, day):
    assert read_day(text, TODAY) == day
