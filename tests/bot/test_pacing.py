"""The pace against models of Telegram's limit, in invented time: it finds it, and obeys."""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pacing import CHAT_GAP, FASTEST, HEARD_FOR, MASS_AT_LEAST, SLOWEST, Pacing
from bot.simulator.floods import Floods, Limits
from bot.simulator.refusal import Refusal

EPSILON = 1e-6

models = st.builds(
    Limits,
    overall=st.integers(10, 40),
    per_chat=st.none(),
    model=st.sampled_from(["window", "bucket"]),
    burst=st.integers(1, 5),
    penalty=st.integers(1, 10),
)


@dataclass
class Trial:
    """The pace in use: everybody gets one mass message, replies come when they come."""

    limits: Limits
    pacing: Pacing = field(default_factory=Pacing)
    answer_takes: float = 0.0  # seconds until a refusal is known
    now: float = 1000.0
    mass: list[float] = field(default_factory=list)  # when each went
    replies: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    told: list[tuple[float, float, str, float]] = field(default_factory=list)

    def __post_init__(self):
        self.floods = Floods(lambda: self.now)
        self.floods.limit(self.limits)

    def run(self, seconds, replies=()):
        """Send for so long; `replies` are times from now, each in a chat of its own."""
        start, end = self.now, self.now + seconds
        coming = [(start + at, number, f"r{number}") for number, at in enumerate(sorted(replies))]
        while True:
            at = self.now + self.pacing.mass_wait(self.now)
            at = min([at, *(c[0] for c in coming[:1]), *(t[0] for t in self.told[:1])])
            if at >= end:
                self.now = end
                return self
            self.now = max(at, self.now)
            if self.told and self.told[0][0] <= self.now:
                _, _, chat, wait = heappop(self.told)
                self.pacing.refused(self.now, chat, wait)
            elif coming and coming[0][0] <= self.now:
                _, number, chat = heappop(coming)
                if wait := self.pacing.reply_wait(self.now, chat):
                    heappush(coming, (self.now + wait, number, chat))
                    continue
                self.pacing.replied(self.now, chat)
                self.replies.append(self.now)
                self.call(chat)
            elif not self.pacing.mass_wait(self.now):
                chat = f"m{len(self.mass)}"
                self.pacing.take(self.now, chat)
                self.mass.append(self.now)
                self.call(chat)

    def call(self, chat):
        try:
            self.floods.check(len(self.mass))
        except Refusal as refusal:
            self.refusals.append(self.now)
            known = self.now + self.answer_takes
            heappush(self.told, (known, len(self.refusals), chat, refusal.retry_after))

    def rate(self, seconds):
        """Accepted calls a second in the last so many seconds."""
        since = self.now - seconds
        sent = [at for at in (*self.mass, *self.replies) if at >= since]
        return (len(sent) - sum(at >= since for at in self.refusals)) / seconds


def trial_of(overall, model="window", burst=1, **more):
    return Trial(
        Limits(overall=overall, per_chat=None, model=model, burst=burst, penalty=3), **more
    )


# --- what is known of it ------------------------------------------------------------------------


def test_where_thirty_are_allowed_nothing_is_refused_and_little_is_wasted():
    for model in ("window", "bucket"):
        trial = trial_of(30, model).run(580)
        assert trial.refusals == []
        assert len(trial.mass) > 0.86 * 30 * 580


def test_where_twenty_are_allowed_few_are_refused():
    for model in ("window", "bucket"):
        trial = trial_of(20, model, answer_takes=0.1).run(600)
        assert len(trial.refusals) < 25
        assert trial.rate(600) > 0.8 * 20


def test_it_begins_evenly_and_so_it_does_after_an_idle_time_and_after_a_pause():
    trial = trial_of(40).run(2)
    assert 48 <= len(trial.mass) <= 51
    trial.now += 3600
    before = len(trial.mass)
    trial.run(2)
    assert 48 <= len(trial.mass) - before <= 53
    trial.pacing.refused(trial.now, None, 5)
    before = len(trial.mass)
    trial.run(5)
    assert len(trial.mass) == before
    trial.run(1)
    assert 18 <= len(trial.mass) - before <= 22


def test_an_idle_time_does_not_make_it_faster():
    pacing = Pacing()
    pacing.take(0, "1")
    pacing.take(100_000, "2")
    assert pacing.rate == 25


# --- whatever comes -----------------------------------------------------------------------------


@given(models, st.floats(0, 0.3))
@settings(max_examples=40, deadline=None)
def test_it_finds_the_allowed_pace_and_stays_near_it(limits, answer_takes):
    trial = Trial(limits, answer_takes=answer_takes).run(300)
    found = len(trial.refusals)
    trial.run(600)
    assert trial.rate(600) > 0.8 * min(limits.overall, FASTEST)
    # what was on its way at a refusal is refused too; otherwise one in a minute and a half
    later = trial.refusals[found:]
    assert sum(at - before > 1 for before, at in pairwise([0.0, *later])) <= 7
    assert len(later) <= 7 * (1 + answer_takes * FASTEST)


@given(models, st.lists(st.floats(0, 60), max_size=400), st.floats(0, 0.3))
@settings(max_examples=200, deadline=None)
def test_the_mass_is_even_and_never_starves(limits, replies, answer_takes):
    trial = Trial(limits, answer_takes=answer_takes).run(60, replies)
    answered = sorted(trial.replies)
    for before, at in pairwise(trial.mass):
        replied = bisect_left(answered, at) - bisect_right(answered, at - 1)
        assert at - before > 1 / max(FASTEST - replied, MASS_AT_LEAST) - EPSILON
    # it always says a moment at which it goes on, however many replies there are
    at = trial.now
    while (wait := trial.pacing.mass_wait(at)) > 0:
        at += wait
    turns = len(replies) / SLOWEST  # of those who wait for the end of a pause
    assert at - trial.now <= limits.penalty + 1 + 1 / MASS_AT_LEAST + turns


@given(st.integers(0, 24))
@settings(deadline=None)
def test_a_steady_stream_of_replies_is_taken_off_the_mass(each_second):
    stream = [n / each_second for n in range(40 * each_second)] if each_second else []
    trial = trial_of(None).run(40, stream)
    assert len(trial.replies) == len(stream)
    mass_now = sum(at >= trial.now - 20 for at in trial.mass) / 20
    left = max(trial.pacing.rate - each_second, MASS_AT_LEAST)
    assert 0.85 * left - 1 <= mass_now <= left + 1


@given(
    st.lists(st.tuples(st.floats(0, 3), st.sampled_from("abc"), st.integers(1, 20)), max_size=30)
)
def test_nobody_is_let_through_before_a_pause_is_over(refusals):
    pacing, now, until = Pacing(), 0.0, 0.0
    for later, chat, seconds in refusals:
        now += later
        pacing.refused(now, f"{chat}{now}", seconds)
        until = max(until, now + seconds)
        assert now + pacing.mass_wait(now) >= until - EPSILON
        assert now + pacing.reply_wait(now, "d") >= until - EPSILON
        assert now + pacing.reply_wait(now, None) >= until - EPSILON
    if refusals:
        assert pacing.mass_wait(until - EPSILON) > 0


@given(st.integers(1, 100), st.integers(1, 60))
def test_those_who_waited_for_a_pause_come_one_after_another(people, seconds):
    pacing = Pacing()
    pacing.refused(0, None, seconds)
    turns = [pacing.reply_wait(0, str(n)) for n in range(people)]
    assert turns[0] == seconds
    for before, turn in pairwise(turns):
        assert turn - before >= 1 / FASTEST - EPSILON
    assert pacing.mass_wait(0) >= turns[-1]


@given(models)
@settings(max_examples=20, deadline=None)
def test_it_recovers_when_more_is_allowed_again(limits):
    trial = Trial(limits).run(300)
    trial.floods.limit(None)
    trial.run(60 * (FASTEST - SLOWEST) + 60)
    assert trial.pacing.rate > 26


# --- one chat and all ---------------------------------------------------------------------------


def test_a_chat_that_got_something_just_now_waits_and_no_other():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    assert abs(pacing.chat_wait(10.4, "a") - (CHAT_GAP - 0.4)) < EPSILON
    assert pacing.chat_wait(10.4, "b") == 0
    assert pacing.chat_wait(11.0, "a") == 0
    pacing.take(12.0, "a")
    assert pacing.chat_wait(12.5, "a") > 0


def test_a_refusal_is_the_chats_when_it_got_several_calls():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    pacing.replied(10.5, "a")
    pacing.refused(10.6, "a", 30)
    assert pacing.chat_wait(11.0, "a") > 29
    assert pacing.reply_wait(11.0, "a") > 29
    assert pacing.reply_wait(11.0, "b") == 0
    assert pacing.mass_wait(11.0) == 0
    assert pacing.rate == 25


def test_a_refusal_is_everybodys_when_the_chat_got_one_call():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    pacing.take(20.0, "a")
    pacing.refused(20.1, "a", 30)
    assert pacing.mass_wait(21.0) > 29
    assert pacing.reply_wait(21.0, "b") > 29
    assert pacing.rate == 20


def test_the_pause_of_one_chat_does_not_keep_the_mass_waiting_after_a_pause_of_all():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    pacing.replied(10.5, "a")
    pacing.refused(10.6, "a", 100)
    pacing.refused(10.6, None, 5)
    assert pacing.reply_wait(11.0, "a") > 99
    assert pacing.mass_wait(11.0) < 5


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 50)), max_size=300))
def test_it_remembers_no_more_than_the_last_seconds_had(calls):
    pacing, now = Pacing(), 0.0
    times = Counter()
    every = []
    for later, chat in calls:
        now += later
        pacing.replied(now, str(chat))
        times[str(chat)] = now
        every.append(now)
    assert list(pacing._replies) == [at for at in every if at > now - 1]
    assert set(pacing._calls) == {chat for chat, at in times.items() if at > now - 3}


def test_a_pause_of_all_is_not_taken_for_one_of_the_chat():
    pacing = Pacing()
    pacing.refused(10.0, None, 30)
    assert pacing.chat_wait(11.0, "a") == 0


# --- other workers -------------------------------------------------------------------------------


def test_the_mass_leaves_what_other_workers_replies_use():
    pacing = Pacing(rate=20)
    pacing.take(0.0, "1")
    assert pacing.mass_wait(0.0) == pytest.approx(1 / 20)
    pacing.heard(0.0, 15, 0)
    assert pacing.mass_wait(0.0) == pytest.approx(1 / 5)
    assert pacing.reply_wait(0.0, "1") == 0
    assert pacing.mass_wait(HEARD_FOR) == 0
    pacing.take(HEARD_FOR, "1")
    assert pacing.mass_wait(HEARD_FOR) == pytest.approx(1 / 20, rel=0.1)


def test_a_pause_that_another_worker_was_told_holds_here_too_and_is_not_passed_on():
    pacing = Pacing(rate=20)
    pacing.heard(0.0, 0, 10)
    assert pacing.reply_wait(0.0, "1") == 10
    assert pacing.rate < 20
    assert pacing.told(0.0) == 0
    slower = pacing.rate
    for second in range(1, 10):  # heard again and again, each time a little off
        pacing.heard(float(second), 0, 10 - second + 0.1)
    pacing.heard(10.05, 0, 0.05)
    assert pacing.rate == slower
    assert pacing.paused(10.06) == 0


def test_what_telegram_told_this_worker_is_passed_on_unless_it_was_about_one_chat():
    pacing = Pacing(rate=20)
    pacing.refused(0.0, None, 10)
    assert pacing.told(4.0) == 6
    other = Pacing(rate=20)
    other.replied(0.0, "1")
    other.replied(0.5, "1")
    other.refused(1.0, "1", 10)
    assert other.told(1.0) == 0


def test_replies_are_forgotten_though_nothing_is_sent_to_many():
    pacing = Pacing()
    for number in range(1000):
        pacing.replied(number / 10)
    assert len(pacing._replies) <= 11
    assert pacing.used(100.0) == 9
