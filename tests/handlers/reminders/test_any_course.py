"""Any course of events: nobody gets a message twice, at night, or after reporting.

Planning and claiming run on a real SQLite database, with crashes at all possible places.
"""

import time
import weakref
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio
from criteria.evenings import HOUR
from criteria.reminders import USUAL, USUAL_HOUR, Anchor
from criteria.sets.set_file import shipped_text
from handlers.flow.deployment import Deployment
from handlers.messages.claim import claim
from handlers.reminders.planning import ReminderReason, ScheduledMessage, reminders_work, schedule
from handlers.rounds.jobs import rounds_work
from storage.engine.sqlite import CoreConnection, core_engine, open_raw
from storage.messages import outbox
from storage.people import people
from storage.personal_data import withdrawal
from storage.places import places
from storage.reminders import evenings, reminder_plans
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import metadata
from storage.tables import outbox as outbox_table
from tests.outbox import enqueue

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SET = "phu-tho-2024"
OPENS = datetime(2026, 11, 15, 2, 0, tzinfo=UTC)  # a Sunday, 9:00 there
DEADLINE = datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)
CLOSES = DEADLINE + timedelta(days=5)
END = CLOSES + timedelta(days=2)
HOUSE = Deployment(ZONE, "bot")


def add_person(tx, number):
    return people.add_person(
        tx, bot="telegram", address=str(number), name=f"Người {number}", handle=None,
        language="vi", consent_version="1", now=OPENS,
    ).id  # fmt: skip


@cache
def founded():
    """A database with the commune, which each place copies; its areas, people and round."""
    raw = open_raw(Path(":memory:"), (), 5)
    engine = core_engine(raw, "BEGIN")
    metadata.create_all(engine)
    with engine.begin() as tx:
        commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè")
        areas = [places.add_unit(tx, commune.id, f"k{n}", f"Khu {n}", number=n).id for n in (1, 2)]
        who = [add_person(tx, n) for n in range(6)]
        for n, person in enumerate(who[:4]):
            people.add_membership(tx, person, "reporter", unit_id=areas[n // 2], now=OPENS)
        people.add_membership(tx, who[4], "leader", commune_id=commune.id, now=OPENS)
        people.add_membership(tx, who[5], "officer", commune_id=commune.id, now=OPENS)
        round_ = rounds.open_round(
            tx, commune.id, "Kỳ", SET, shipped_text(SET), None, OPENS, DEADLINE, CLOSES, OPENS
        )
    return raw, areas, who, round_


@pytest.fixture(scope="module", autouse=True)
def closed():
    """The database that was copied is closed after these tests."""
    yield
    founded()[0].close()
    founded.cache_clear()


class Place:
    """Two areas with two people each, a leader and an officer; the sent messages and times."""

    def __init__(self):
        empty, self.areas, self.people, self.round = founded()
        raw = open_raw(Path(":memory:"), (), 5)
        empty.backup(raw)
        engine = core_engine(raw, "BEGIN")
        weakref.finalize(self, engine.dispose)
        self.connection = CoreConnection(engine, raw)
        self.now = OPENS
        self.sent = []  # (person, when, kind, key)
        self.questions = []  # of these the evening questions

    @contextmanager
    def transaction(self):
        with self.connection.begin():
            yield self.connection

    def tick(self):
        for due in (rounds_work, reminders_work):
            with self.transaction() as tx:
                work = due(tx, self.now, HOUSE)
            for one in work:
                with self.transaction() as tx:
                    one(tx)

    def send(self, fate="sent"):
        """Claim due messages and send them; `fate` is the fate of the first one."""
        while True:
            with self.transaction() as tx:
                claimed = claim(tx, self.now, 3, deployment=HOUSE)
            rows = claimed.to_send
            if not rows and not claimed.ended:  # all three can have been dropped
                return None
            for row in rows:
                if fate == "crash before":
                    return self.restart()
                if fate == "told to wait":
                    with self.transaction() as tx:
                        for left in rows[rows.index(row) :]:
                            outbox.postpone(tx, left.id, self.now + timedelta(minutes=3))
                    return None
                self.sent.append((row.person_id, self.now, row.kind, row.dedupe_key))
                if row.revision is not None:
                    self.questions.append((row.person_id, self.now))
                if fate == "crash after":
                    return self.restart()
                with self.transaction() as tx:
                    outbox.finish(tx, row.id, "sent", self.now)

    def restart(self):
        with self.transaction() as tx:
            outbox.recover(tx, self.now)

    def report(self, area):
        with self.transaction() as tx:
            if not rounds.is_open(tx, self.round, self.areas[area], self.now):
                return
            report = reports.start_report(tx, self.round.id, self.areas[area], self.now)
            reports.put_answer(tx, report, "HT1", Ratio(1, 2), by=None, way="text", now=self.now)
            reports.send_report(tx, report, by=None, now=self.now, deadline=DEADLINE)

    def give_back(self, area):
        with self.transaction() as tx:
            report = reports.report_of(tx, self.round.id, self.areas[area])
            if report is not None:
                reports.return_report(tx, report, ["HT1"], "Xem lại", by=None, now=self.now)

    def mute(self, person):
        with self.transaction() as tx:
            reminder_plans.mute(tx, self.people[person], self.round.id, self.now)

    def choose(self, person):
        """One question an evening."""
        with self.transaction() as tx:
            evenings.choose(tx, self.people[person], self.now)

    def stop(self, person):
        with self.transaction() as tx:
            evenings.stop(tx, self.people[person])

    def chosen(self, person):
        with self.transaction() as tx:
            return evenings.chosen_at(tx, person) is not None

    def deadline(self):
        with self.transaction() as tx:
            return rounds.round_by_id(tx, self.round.id).deadline

    def leave(self, person):
        with self.transaction() as tx:
            withdrawal.withdraw(tx, self.people[person], self.now)

    def move_deadline(self, days):
        with self.transaction() as tx:
            round_ = rounds.round_by_id(tx, self.round.id)
            deadline = round_.deadline + timedelta(days=days)
            if round_.state == "open" and deadline > self.now:
                rounds.edit(tx, round_.id, self.now, deadline=deadline,
                            closes_at=max(round_.closes_at, deadline))  # fmt: skip

    def ask(self, person):
        """ "Mai nhắc lại"."""
        when = datetime.combine(
            self.now.astimezone(ZONE).date() + timedelta(days=1), USUAL_HOUR, tzinfo=ZONE
        )
        reason = ReminderReason(round=self.round.id, part="asked")
        with self.transaction() as tx:
            schedule(tx, [ScheduledMessage(self.people[person], when, reason, 5)], self.now, HOUSE)

    def waiting(self, person):
        """Whether this person still has to report."""
        with self.transaction() as tx:
            tasks = reminder_plans.tasks_of_person(tx, self.round.id, person)
            return any(not one.is_in for one in tasks)

    def muted(self, person):
        with self.transaction() as tx:
            tasks = reminder_plans.tasks_of_person(tx, self.round.id, person)
            return any(one.muted for one in tasks)

    def is_open(self):
        with self.transaction() as tx:
            return rounds.round_by_id(tx, self.round.id).state == "open"


@pytest.fixture
def place():
    return Place()


AREAS, PEOPLE = st.integers(0, 1), st.integers(0, 5)
HAPPENINGS = st.one_of(
    st.none(),
    st.tuples(st.just("report"), AREAS),
    st.tuples(st.just("give_back"), AREAS),
    st.tuples(st.just("mute"), PEOPLE),
    st.tuples(st.just("ask"), st.integers(0, 3)),
    st.tuples(st.just("leave"), PEOPLE),
    st.tuples(st.just("choose"), PEOPLE),
    st.tuples(st.just("choose"), st.integers(0, 3)),
    st.tuples(st.just("stop"), st.integers(0, 3)),
    st.tuples(st.just("move_deadline"), st.integers(-3, 5)),
)
FATES = st.sampled_from((None, "sent", "crash before", "crash after", "told to wait"))
# Hours pass (or the clock goes back), something happens, the jobs run (or not), messages go out.
STEPS = st.tuples(
    st.sampled_from((-30, -2, 1, 3, 7, 11, 13, 24, 50)), HAPPENINGS, st.booleans(), FATES
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(STEPS, min_size=5, max_size=40))
def test_nobody_is_reminded_twice_at_night_or_after_reporting(steps):
    place = Place()
    asked = {how[1] for _, how, _, _ in steps if how is not None and how[0] == "ask"}
    for hours, happening, ticks, fate in steps:
        place.now += timedelta(hours=hours, minutes=7)
        if happening is not None:
            getattr(place, happening[0])(happening[1])
        if ticks:
            place.tick()
        if fate is None:
            continue
        before, asked_before = len(place.sent), len(place.questions)
        place.send(fate)
        for person, when in place.questions[asked_before:]:
            local = when.astimezone(ZONE)
            assert place.chosen(person)
            assert place.waiting(person)
            assert not place.muted(person)
            assert local.time() >= HOUR
            assert local.date() < place.deadline().astimezone(ZONE).date() - timedelta(days=2)
        for person, when, _, _ in place.sent[before:]:
            assert 7 <= when.astimezone(ZONE).hour < 21
            number = place.people.index(person)
            if place.is_open() and number != 4:
                assert place.waiting(person)
                assert number in asked or not place.muted(person)
    days = Counter(
        (person, when.astimezone(ZONE).date())
        for person, when, kind, _ in place.sent
        if kind == "reminder"
    )
    assert not [one for one, count in days.items() if count > 1]
    assert len({key for *_, key in place.sent}) == len(place.sent)


HOURS = int((END - OPENS) / timedelta(hours=1))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(AREAS, st.integers(0, HOURS)),
    st.dictionaries(st.integers(0, 3), st.integers(0, HOURS)),
    st.sets(st.integers(0, HOURS), max_size=8),
)
def test_a_running_bot_sends_exactly_the_messages_of_the_plan(reported, muted, restarts):
    place = Place()
    for hour in range(HOURS + 1):
        place.now = OPENS + timedelta(hours=hour)
        for area, when in reported.items():
            if when == hour:
                place.report(area)
        for person, when in muted.items():
            if when == hour:
                place.mute(person)
        if hour in restarts:
            place.restart()
        place.tick()
        place.send()
    heard = {(person, when.astimezone(ZONE)) for person, when, kind, _ in place.sent
             if kind == "reminder"}  # fmt: skip
    assert heard == _by_the_plan(place, reported, muted)


def _by_the_plan(place, reported, muted):
    """Who should get a message when, by the rules of the product."""

    def local(day, hour):
        return datetime(2026, 11, day, hour, tzinfo=ZONE)

    wanted = set()
    for person in range(4):
        done = min(reported.get(person // 2, HOURS + 1), muted.get(person, HOURS + 1))
        for when in (local(15, 9), *(local(day, 8) for day in (18, 22, 24, 25, 26, 29))):
            if (when - OPENS) / timedelta(hours=1) < done:
                wanted.add((place.people[person], when))
    for when in (local(15, 9), *(local(day, 8) for day in (18, 22, 24, 25, 26, 29))):
        wanted.add((place.people[5], when))  # the office never reports
    for day in (16, 23, 24, 30):  # on Mondays, and on the day before the deadline
        wanted.add((place.people[4], local(day, 8)))  # 7:30, by hourly looks
    the_end = datetime(2026, 12, 1, 8, tzinfo=ZONE)
    return wanted | {(person, the_end) for person in place.people}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(AREAS, st.integers(0, HOURS)),
    st.dictionaries(st.integers(0, 3), st.integers(0, HOURS)),
    st.sets(st.integers(0, HOURS), max_size=8),
)
def test_people_who_chose_evenings_are_asked_each_evening(reported, muted, restarts):
    """All reporters chose evenings before; hours begin at half past."""
    place = Place()
    for person in range(4):
        place.choose(person)
    for hour in range(HOURS + 1):
        place.now = OPENS + timedelta(hours=hour, minutes=30)
        for area, when in reported.items():
            if when == hour:
                place.report(area)
        for person, when in muted.items():
            if when == hour:
                place.mute(person)
        if hour in restarts:
            place.restart()
        place.tick()
        place.send()
    for number in range(4):
        done = min(reported.get(number // 2, HOURS + 1), muted.get(number, HOURS + 1))
        person = place.people[number]

        def before(when, done=done):
            return (when - OPENS - timedelta(minutes=30)) / timedelta(hours=1) < done

        asked = [when.astimezone(ZONE) for one, when in place.questions if one == person]
        evenings_of_it = [datetime(2026, 11, day, 19, 30, tzinfo=ZONE) for day in range(16, 23)]
        assert asked == [when for when in evenings_of_it if before(when)]
        mornings = [datetime(2026, 11, day, 8, 30, tzinfo=ZONE) for day in (23, 24, 25, 26, 29)]
        opening = datetime(2026, 11, 15, 9, 30, tzinfo=ZONE)
        end = datetime(2026, 12, 1, 8, 30, tzinfo=ZONE)
        heard = [when.astimezone(ZONE) for one, when, *_ in place.sent if one == person]
        wanted = [when for when in (opening, *mornings) if before(when)]
        assert [when for when in heard if when not in asked] == [*wanted, end]


def test_a_postponed_evening_question_is_sent_when_it_can_be(place):
    place.choose(0)
    place.tick()
    place.send()  # the opening
    place.now = datetime(2026, 11, 17, 8, tzinfo=ZONE)
    place.tick()
    place.send()  # a summary that was late
    for minute in (30, 31, 32):
        place.now = datetime(2026, 11, 17, 19, minute, tzinfo=ZONE)
        with place.transaction() as tx:
            (row,) = claim(tx, place.now, 3, deployment=HOUSE).to_send
            assert row.revision is not None
            outbox.put_back(tx, [row.id])


def test_the_usual_plan_is_the_documented_one(place):
    assert [(one.anchor, one.days) for one in USUAL.entries] == [
        (Anchor.OPENING, 0), (Anchor.DEADLINE, -7), (Anchor.DEADLINE, -3), (Anchor.DEADLINE, -1),
        (Anchor.DEADLINE, 0), (Anchor.DEADLINE, 1), (Anchor.CLOSE, -1),
    ]  # fmt: skip
    with place.transaction() as tx:
        kinds = tx.scalars(sa.select(outbox_table.c.kind)).all()
    assert not kinds


def test_a_message_that_cannot_be_written_stops_no_other(place):
    with place.transaction() as tx:
        enqueue(tx, place.people[0], "reminder", "not what we wrote", OPENS)
    place.tick()
    place.send()
    assert {person for person, *_ in place.sent} == {*place.people[:4], place.people[5]}
    with place.transaction() as tx:
        found = tx.execute(sa.select(outbox_table.c.state, outbox_table.c.reason)).all()
    assert ("failed", "bug: ValidationError") in [tuple(row) for row in found]


def test_the_zone_of_the_machine_changes_nothing(monkeypatch):
    heard = []
    for zone in ("Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        place = Place()
        for hours in range(0, HOURS, 6):
            place.now = OPENS + timedelta(hours=hours)
            place.tick()
            place.send()
        heard.append([(person, when) for person, when, _, _ in place.sent])
    monkeypatch.undo()
    time.tzset()
    assert heard[0]
    assert heard[0] == heard[1] == heard[2]
