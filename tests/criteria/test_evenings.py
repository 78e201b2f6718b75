"""On which evenings a round asks one question, and when they end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.evenings import HOUR, evening_of, evenings_over, next_evening
from criteria.reminders import EVENING, MORNING, Dates, end_of_day, local_day

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)


def at(day, hour=8, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


ROUND = Dates(at(15, 9), at(25, 23, 59), at(30, 23, 59), ZONE)


def evenings(dates, until=40):
    days = (dates.opens_at + number * DAY for number in range(until))
    return [one for one in (evening_of(day, dates) for day in days) if one is not None]


def test_a_round_asks_each_evening_until_two_days_before_the_deadline():
    assert evenings(ROUND) == [at(day, 19, 30) for day in range(15, 23)]
    assert not evenings_over(at(22, 23, 59), ROUND)
    assert evenings_over(at(23, 0), ROUND)


def test_a_round_that_opens_late_in_the_evening_begins_on_the_next_day():
    assert evenings(Dates(at(15, 20), ROUND.deadline, ROUND.closes_at, ZONE))[0] == at(16, 19, 30)


def test_a_round_of_two_days_has_no_evenings():
    assert not evenings(Dates(at(15, 9), at(17, 23, 59), at(20), ZONE))


def test_a_moved_deadline_moves_the_last_evening():
    sooner = Dates(ROUND.opens_at, at(20, 12), ROUND.closes_at, ZONE)
    later = Dates(ROUND.opens_at, at(28, 12), ROUND.closes_at, ZONE)
    assert evenings(sooner)[-1] == at(17, 19, 30)
    assert evenings(later)[-1] == at(25, 19, 30)


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (at(10), at(15, 19, 30)),
        (at(16, 10), at(16, 19, 30)),
        (at(16, 19, 30), at(17, 19, 30)),
        (at(22, 19), at(22, 19, 30)),
        (at(22, 20), None),
        (at(26), None),
    ],
)
def test_the_next_evening(now, following):
    assert next_evening(now, ROUND) == following


moments = st.timedeltas(timedelta(), timedelta(days=60)).map(
    lambda past: datetime(2026, 10, 20, tzinfo=UTC) + past
)


@st.composite
def rounds(draw):
    opens = draw(moments)
    deadline = opens + draw(st.timedeltas(timedelta(hours=1), timedelta(days=30)))
    return Dates(opens, deadline, deadline + draw(st.timedeltas(timedelta(), 9 * DAY)), ZONE)


@given(rounds(), moments)
def test_evenings_are_once_a_day_within_the_round_and_never_at_night(dates, now):
    found = evening_of(now, dates)
    if found is not None:
        assert MORNING <= found.astimezone(ZONE).time() == HOUR < EVENING
        assert local_day(found, ZONE) == local_day(now, ZONE)
        assert dates.opens_at <= found < dates.closes_at
        assert local_day(found, ZONE) < local_day(dates.deadline, ZONE) - 2 * DAY
        assert not evenings_over(found, dates)
    following = next_evening(now, dates)
    if following is not None:
        assert following > now
        assert evening_of(following, dates) == following
        assert not evenings_over(following, dates)
    elif now >= dates.opens_at:
        assert evenings_over(end_of_day(now, ZONE), dates) or evening_of(now + DAY, dates) is None


@given(rounds())
def test_following_the_next_evening_gives_each_evening_once(dates):
    now, heard = dates.opens_at - DAY, []
    while (following := next_evening(now, dates)) is not None:
        heard.append(following)
        now = following
    assert heard == evenings(dates)
    assert len({local_day(one, ZONE) for one in heard}) == len(heard)
    assert {one.astimezone(ZONE).time() for one in heard} <= {time(19, 30)}


def test_a_round_that_opens_or_closes_at_the_hour_of_the_question():
    opens = Dates(at(15, 19, 30), at(25), at(30), ZONE)
    assert evening_of(at(15, 10), opens) == at(15, 19, 30)
    later = Dates(at(15, 19, 31), at(25), at(30), ZONE)
    assert evening_of(at(15, 10), later) is None
    closes = Dates(at(15, 9), at(25), at(18, 19, 30), ZONE)
    assert evening_of(at(18, 10), closes) is None
    assert evening_of(at(17, 10), closes) == at(17, 19, 30)
    assert next_evening(at(17, 20), closes) is None
