"""When a round sends reminders: the usual plan, a moved deadline, an outage, the night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from criteria.reminders import (
    EVENING,
    MORNING,
    USUAL,
    Anchor,
    Dates,
    Due,
    PlanEntry,
    ReminderPlan,
    due_from,
    end_messages,
    end_of_day,
    leader_summaries,
    local_day,
    next_daytime,
    report_reminders,
    still_due,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 10, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def at(day, hour=8, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def dates(opens=None, deadline=None, closes=None):
    deadline = deadline or at(25, 23, 59)
    return Dates(opens or at(15, 9), deadline, closes or deadline + 5 * DAY, ZONE)


def days(course):
    return [one.at for one in course]


def test_the_usual_plan():
    assert days(report_reminders(USUAL, dates())) == [
        at(15, 9),  # on opening
        at(18), at(22), at(24),  # 7, 3 and 1 days before
        at(25), at(26),  # on the day, one day after
        at(29),  # the day before the close
    ]  # fmt: skip


def test_entries_before_the_opening_do_not_exist():
    course = report_reminders(USUAL, dates(opens=at(23, 22)))
    assert days(course) == [at(24), at(24), at(25), at(26), at(29)]
    assert course[0].entry == PlanEntry(Anchor.OPENING)
    assert [one.entry.anchor for one in report_reminders(USUAL, dates(opens=at(24, 6)))] == [
        Anchor.OPENING, Anchor.DEADLINE, Anchor.DEADLINE, Anchor.DEADLINE, Anchor.CLOSE,
    ]  # fmt: skip


def test_a_changed_plan_is_followed():
    plan = ReminderPlan((PlanEntry(Anchor.DEADLINE, -2), PlanEntry(Anchor.CLOSE)), time(18))
    assert days(report_reminders(plan, dates())) == [at(23, 18), at(30, 18)]


def test_leaders_get_a_summary_on_mondays_and_before_the_deadline():
    assert days(leader_summaries(dates())) == [
        at(16, 7, 30),
        at(23, 7, 30),
        at(24),
        at(30, 7, 30),
    ]


def test_the_end_of_a_round_is_announced_in_the_morning():
    assert days(end_messages(dates())) == [at(1, 8, month=12)]
    assert days(end_messages(dates(closes=at(28, 15)))) == [at(28, 15)]


def test_the_hours_of_the_night():
    assert next_daytime(at(20, 21), ZONE) == at(21, 7)
    assert next_daytime(at(20, 6, 59), ZONE) == at(20, 7)
    assert next_daytime(at(20, 20, 59), ZONE) == at(20, 20, 59)


def test_todays_entry_is_planned_once_in_the_morning():
    course = report_reminders(USUAL, dates())
    when, entry = due_from(course, at(18, 0), at(18, 0), ZONE)
    assert (when, entry.entry) == (at(18), PlanEntry(Anchor.DEADLINE, -7))
    assert due_from(course, end_of_day(at(18), ZONE), at(18, 12), ZONE) is None


def test_after_an_outage_only_the_newest_entry_is_sent():
    course = report_reminders(USUAL, dates())
    when, entry = due_from(course, at(16, 0), at(23, 10), ZONE)
    assert (when, entry.at) == (at(23, 10), at(22))
    assert due_from(course, at(16, 0), at(22, 22), ZONE)[0] == at(23, 7)
    # At night, before a day with its own entry, no further message is needed.
    assert due_from(course, at(16, 0), at(23, 22), ZONE) is None
    when, entry = due_from(course, at(16, 0), at(24, 6), ZONE)
    assert (when, entry.at) == (at(24), at(24))
    assert due_from(course, at(16, 0), at(24, 9), ZONE) == (at(24, 9), Due(at(24), entry.entry))


def test_two_entries_of_a_day_become_one_message_at_the_earliest_time():
    given = dates(deadline=at(24, 23, 59))  # 23 November 2026 is a Monday
    course = leader_summaries(given)
    weekly = at(23, 7, 30)
    assert due_from(course, at(23, 0), at(23, 0), ZONE)[0] == weekly
    assert due_from(course, at(23, 0), weekly, ZONE)[0] == weekly
    assert due_from(course, at(22, 9), at(23, 7, 40), ZONE)[0] == at(23, 7, 40)
    assert due_from(course, at(24, 0), at(24, 9), ZONE) is None


def test_a_moved_deadline_cancels_the_planned_entry():
    before, after = dates(), dates(deadline=at(28, 23, 59))
    planned = due_from(report_reminders(USUAL, before), at(22, 0), at(22, 0), ZONE)[1]
    assert still_due(report_reminders(USUAL, before), planned, at(22, 8), ZONE)
    assert not still_due(report_reminders(USUAL, after), planned, at(22, 8), ZONE)


def test_an_entry_that_waited_too_long_gives_way_to_a_newer_one():
    course = report_reminders(USUAL, dates())
    planned = Due(at(22), PlanEntry(Anchor.DEADLINE, -3))
    assert still_due(course, planned, at(22, 20), ZONE)
    assert still_due(course, planned, at(23, 9), ZONE)
    assert not still_due(course, planned, at(24, 7), ZONE)


moments = st.timedeltas(timedelta(), timedelta(days=60)).map(lambda past: START + past)
plans = st.builds(
    ReminderPlan,
    st.lists(
        st.one_of(
            st.just(PlanEntry(Anchor.OPENING)),
            st.builds(
                PlanEntry, st.sampled_from((Anchor.DEADLINE, Anchor.CLOSE)), st.integers(-9, 4)
            ),
        ),
        max_size=8,
    ).map(tuple),
    st.times(MORNING, time(20, 59)),
)


@st.composite
def rounds(draw):
    opens = draw(moments)
    deadline = opens + draw(st.timedeltas(timedelta(hours=1), timedelta(days=30)))
    return Dates(opens, deadline, deadline + draw(st.timedeltas(timedelta(), 9 * DAY)), ZONE)


@given(plans, rounds(), st.lists(st.timedeltas(timedelta(seconds=30), 4 * DAY), max_size=60))
def test_each_day_sends_at_most_one_entry_and_no_entry_twice(plan, given_dates, steps):
    course = report_reminders(plan, given_dates)
    now = since = given_dates.opens_at
    said = []
    for step in steps:
        now += step
        if now < since:
            continue
        found = due_from(course, since, now, ZONE)
        since = end_of_day(now, ZONE)
        if found is not None:
            said.append(found)
            when, due = found
            assert MORNING <= when.astimezone(ZONE).time() < EVENING
            assert when >= now
            assert when >= due.at
            assert due in course
    assert len({due for _, due in said}) == len(said)
    planned_days = [local_day(when, ZONE) for when, _ in said]
    assert planned_days == sorted(set(planned_days))


@given(plans, rounds(), st.integers(1, 40))
def test_a_bot_without_outages_sends_on_every_day_with_an_entry(plan, given_dates, minutes):
    course = report_reminders(plan, given_dates)
    now = since = given_dates.opens_at
    said = []
    while now < given_dates.closes_at + DAY:
        if now >= since:
            found = due_from(course, since, now, ZONE)
            since = end_of_day(now, ZONE)
            said += [local_day(found[0], ZONE)] if found else []
        now += timedelta(hours=1, minutes=minutes)
    assert set(said) == {local_day(one.at, ZONE) for one in course}


def test_a_course_has_the_entries_from_the_opening_until_before_the_close():
    plan = ReminderPlan(
        (PlanEntry(Anchor.DEADLINE, -10), PlanEntry(Anchor.CLOSE), PlanEntry(Anchor.DEADLINE, 1))
    )
    exact = dates(opens=at(15), deadline=at(25, 12), closes=at(26))
    assert days(report_reminders(plan, exact)) == [at(15)]
    wider = dates(opens=at(14, 23), deadline=at(25, 12), closes=at(26, 8, 1))
    assert days(report_reminders(plan, wider)) == [at(15), at(26), at(26)]


def test_a_duplicate_entry_counts_once():
    plan = ReminderPlan((PlanEntry(Anchor.DEADLINE, -1), PlanEntry(Anchor.DEADLINE, -1)))
    assert days(report_reminders(plan, dates())) == [at(24)]


def test_an_entry_due_now_is_sent_and_a_later_one_waits():
    course = (Due(at(20, 10), PlanEntry(Anchor.DEADLINE, -3)),)
    assert due_from(course, at(20, 0), at(20, 9, 59), ZONE) == (at(20, 10), course[0])
    assert due_from(course, at(20, 0), at(20, 10), ZONE) == (at(20, 10), course[0])
    assert due_from(course, at(20, 10), at(20, 11), ZONE) == (at(20, 11), course[0])
    assert due_from(course, at(20, 10, 1), at(20, 11), ZONE) is None
    assert due_from(course, at(19, 0), at(19, 23, 59), ZONE) is None
    midnight = (Due(at(21, 0), PlanEntry(Anchor.DEADLINE, -3)),)
    assert due_from(midnight, at(20, 0), at(20, 12), ZONE) is None


def test_the_first_future_entry_or_the_newest_past_entry_is_planned():
    course = tuple(Due(at(20, hour), PlanEntry(Anchor.DEADLINE, -hour)) for hour in (8, 10, 12))
    assert due_from(course, at(20, 0), at(20, 7), ZONE)[1] == course[0]
    # One entry of today is due: all entries of today are one message, at once.
    assert due_from(course, at(20, 0), at(20, 9), ZONE) == (at(20, 9), course[0])
    assert due_from(course, at(20, 0), at(20, 13), ZONE)[1] == course[2]
    assert due_from(course, at(20, 0), at(20, 12), ZONE)[1] == course[2]


def test_a_planned_entry_stays_due_until_a_newer_one_is_due():
    first, second = (Due(at(day), PlanEntry(Anchor.DEADLINE, -day)) for day in (20, 22))
    course = (first, second)
    assert still_due(course, first, at(20, 23, 59), ZONE)
    assert still_due(course, first, at(21, 23, 59), ZONE)
    assert not still_due(course, first, at(22, 0), ZONE)
    assert still_due(course, second, at(25), ZONE)
    assert not still_due((second,), first, at(20), ZONE)
    next_midnight = (first, Due(at(22, 0), PlanEntry(Anchor.DEADLINE, -1)))
    assert still_due(next_midnight, first, at(21, 12), ZONE)


def test_people_sleep_from_nine_to_seven():
    for moment, awake in (
        (at(20, 6, 59), at(20, 7)), (at(20, 7), at(20, 7)), (at(20, 20, 59), at(20, 20, 59)),
        (at(20, 21), at(21, 7)), (at(20, 23, 59), at(21, 7)), (at(21, 0), at(21, 7)),
    ):  # fmt: skip
        assert next_daytime(moment, ZONE) == awake
    assert next_daytime(at(20, 22), ZONE, time(8)) == at(21, 8)
    assert next_daytime(at(20, 7, 30), ZONE, time(8)) == at(20, 7, 30)


def test_a_monday_of_the_opening_or_the_close_has_a_summary():
    opened = dates(opens=at(16, 7), deadline=at(25, 12), closes=at(30, 8))
    assert days(leader_summaries(opened)) == [
        at(16, 7, 30),
        at(23, 7, 30),
        at(24),
        at(30, 7, 30),
    ]
    late = dates(opens=at(16, 8), deadline=at(25, 12), closes=at(30, 7, 30))
    assert days(leader_summaries(late)) == [at(23, 7, 30), at(24)]
