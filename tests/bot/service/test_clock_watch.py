"""The clock against the time of the messenger: which differences are doubtful."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


class Machine:
    """The two clocks of a machine: one that can be set, and one that only goes on."""

    def __init__(self):
        self.system = self.steady = 0.0
        self.clock = Clock(NOW, ticking=False)
        self.watch = ClockWatch(self.clock, lambda: self.system, lambda: self.steady)

    def answered(self, at):
        self.watch.answered(format_datetime(at, usegmt=True))

    def dated(self, at):
        self.watch.dated(int(at.timestamp()))


@pytest.fixture
def machine():
    return Machine()


def test_the_clock_is_doubtful_before_the_first_comparison(machine):
    assert "couldn't be compared" in machine.watch.trouble()
    machine.watch.answered(None)
    machine.watch.answered("some day")
    assert "couldn't be compared" in machine.watch.trouble()
    machine.answered(NOW)
    assert machine.watch.trouble() is None


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=120), None),
        (timedelta(seconds=-120), None),
        (timedelta(seconds=121), "2 minutes ahead of"),
        (timedelta(seconds=-121), "2 minutes behind"),
        (timedelta(hours=7), "7 hours ahead of"),
        (timedelta(days=45), "45 days ahead of"),
    ],
)
def test_a_difference_of_more_than_two_minutes_is_doubtful(machine, ahead, said):
    machine.answered(NOW - ahead)
    why = machine.watch.trouble()
    assert why is None if said is None else said in why
    assert machine.watch.trusted == (said is None)


def test_a_change_of_the_clock_between_two_answers_is_noticed_at_once(machine):
    machine.answered(NOW)
    machine.system, machine.steady = 3600.0, 3600.0  # an hour passes
    assert machine.watch.trusted
    machine.system += timedelta(days=45).total_seconds()
    assert "45 days ahead" in machine.watch.trouble()
    machine.system -= timedelta(days=45).total_seconds()
    assert machine.watch.trusted


def test_a_clock_moved_on_purpose_is_not_doubted(machine):
    machine.answered(NOW)
    machine.clock.move_to(NOW + timedelta(days=9))  # as in the demo, with its messenger
    assert machine.watch.trusted
    assert machine.watch.messengers_time == NOW + timedelta(days=9)


def test_a_clock_behind_the_stored_time_is_doubtful(machine):
    machine.watch.last_contact = NOW + timedelta(minutes=3)
    machine.answered(NOW)
    assert "has passed already" in machine.watch.trouble()
    machine.watch.last_contact = NOW + timedelta(minutes=1)
    assert machine.watch.trouble() is None


def test_dates_of_messages_are_used_where_answers_have_no_date(machine):
    machine.dated(NOW - timedelta(hours=3))  # the message had to wait: the time is not known yet
    assert "couldn't be compared" in machine.watch.trouble()
    machine.dated(NOW - timedelta(seconds=5))
    assert machine.watch.trusted
    machine.dated(NOW + timedelta(hours=3))  # nobody writes in the future
    assert "3 hours behind" in machine.watch.trouble()
    machine.answered(NOW)
    machine.dated(NOW + timedelta(hours=3))
    assert machine.watch.trusted
