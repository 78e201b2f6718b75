"""Scheduled rounds: every month or quarter, no period twice, none after its deadline."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.schedule import Every, Period, Schedule, period_due, periods

MONTHLY = Schedule(Every.MONTH, 15, 25)
QUARTERLY = Schedule(Every.QUARTER, 10, 31)
schedules = st.builds(Schedule, st.sampled_from(Every), st.integers(1, 28), st.integers(1, 31))
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def test_months_follow_each_other():
    found = list(islice(periods(MONTHLY, date(2026, 11, 16)), 3))
    assert found == [
        Period(Every.MONTH, 12, 2026, date(2026, 12, 15), date(2026, 12, 25)),
        Period(Every.MONTH, 1, 2027, date(2027, 1, 15), date(2027, 1, 25)),
        Period(Every.MONTH, 2, 2027, date(2027, 2, 15), date(2027, 2, 25)),
    ]


def test_a_quarter_opens_in_its_last_month_and_is_due_at_its_end():
    found = list(islice(periods(QUARTERLY, date(2026, 1, 1)), 4))
    assert [(one.number, one.opens, one.deadline) for one in found] == [
        (1, date(2026, 3, 10), date(2026, 3, 31)),
        (2, date(2026, 6, 10), date(2026, 6, 30)),
        (3, date(2026, 9, 10), date(2026, 9, 30)),
        (4, date(2026, 12, 10), date(2026, 12, 31)),
    ]


def test_a_deadline_before_the_opening_day_is_in_the_next_month():
    found = next(periods(Schedule(Every.MONTH, 25, 5), date(2026, 12, 1)))
    assert (found.opens, found.deadline) == (date(2026, 12, 25), date(2027, 1, 5))
    assert (found.number, found.year) == (12, 2026)


@pytest.mark.parametrize(
    ("today", "opened", "next_on"),
    [
        (date(2026, 11, 14), None, date(2026, 11, 15)),
        (date(2026, 11, 15), 11, date(2026, 12, 15)),
        (date(2026, 11, 25), 11, date(2026, 12, 15)),  # the last useful day
        (date(2026, 11, 26), None, date(2026, 12, 15)),  # its deadline is before its opening
        (date(2027, 1, 20), 1, date(2027, 2, 15)),  # two missed: only the newest
    ],
)
def test_a_missed_period_is_skipped_once_it_is_over(today, opened, next_on):
    due, after = period_due(MONTHLY, date(2026, 11, 15), today)
    assert (due.number if due else None, after) == (opened, next_on)


@given(schedules, days)
def test_every_period_comes_once_and_in_order(schedule, on):
    found = list(islice(periods(schedule, on), 20))
    assert found[0].opens >= on
    assert len({(one.year, one.number) for one in found}) == 20
    for one, after in pairwise(found):
        assert one.opens < after.opens
    for one in found:
        assert one.opens < one.deadline or schedule.deadline_on > schedule.opens_on
        assert timedelta(0) <= one.deadline - one.opens < timedelta(days=60)


@given(schedules, days, st.lists(st.integers(0, 70), min_size=1, max_size=20))
def test_each_period_opens_at_most_once_whichever_days_are_checked(schedule, start, steps):
    next_on = next(periods(schedule, start)).opens
    today, opened = start, []
    for step in steps:
        today += timedelta(days=step)
        due, next_on = period_due(schedule, next_on, today)
        assert next_on > today
        if due is not None:
            assert due.opens <= today <= due.deadline
            opened.append((due.year, due.number))
    assert len(set(opened)) == len(opened)
