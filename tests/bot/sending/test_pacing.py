"""Pacing against models of the limit of Telegram, in simulated time."""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sending.pacing import (
    BULK_AT_LEAST,
    CHAT_GAP,
    FASTEST,
    LONG,
    MESSAGE,
    OTHERS_VALID,
    SLOWEST,
    Pacing,
)
from bot.simulator.refusal import ApiRefusal
from bot.simulator.telegram.floods import Floods, Limits

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
    """Pacing in use: everybody gets one bulk message, with replies in between."""

    limits: Limits
    pacing: Pacing = field(default_factory=Pacing)
    answer_takes: float = 0.0  # seconds until a refusal is known
    now: float = 1000.0
    bulk: list[float] = field(default_factory=list)  # when each was sent
    replies: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    told: list[tuple[float, float, str, float]] = field(default_factory=list)

    def __post_init__(self):
        self.floods = Floods(lambda: self.now)
        self.floods.limit(self.limits)

    def run(self, seconds, replies=()):
        """Send for so many seconds; `replies` are times from now, each in a different chat."""
        start, end = self.now, self.now + seconds
        coming = [(start + at, number, f"r{number}") for number, at in enumerate(sorted(replies))]
        while True:
            at = self.now + self.pacing.bulk_wait(self.now)
            at = min([at, *(c[0] for c in coming[:1]), *(t[0] for t in self.told[:1])])
            if at >= end:
                self.now = end
                return self
            self.now = max(at, self.now)
            if self.told and self.told[0][0] <= self.now:
                _, _, chat, wait = heappop(self.told)
                self.pacing.refused(self.now, MESSAGE, chat, wait)
            elif coming and coming[0][0] <= self.now:
                _, number, chat = heappop(coming)
                if wait := self.pacing.reserve_reply_slot(self.now, MESSAGE, chat):
                    heappush(coming, (self.now + wait, number, chat))
                    continue
                self.pacing.replied(self.now, chat)
                self.replies.append(self.now)
                self.call(chat)
            elif not self.pacing.bulk_wait(self.now):
                chat = f"m{len(self.bulk)}"
                self.pacing.take(self.now, chat)
                self.bulk.append(self.now)
                self.call(chat)

    def call(self, chat):
        try:
            self.floods.check(len(self.bulk))
        except ApiRefusal as refusal:
            self.refusals.append(self.now)
            known = self.now + self.answer_takes
            heappush(self.told, (known, len(self.refusals), chat, refusal.retry_after))

    def rate(self, seconds):
        """Accepted calls a second during the last seconds."""
        since = self.now - seconds
        sent = [at for at in (*self.bulk, *self.replies) if at >= since]
        return (len(sent) - sum(at >= since for at in self.refusals)) / seconds


def refuse_all(pacing, now, seconds):
    """Two different chats are refused at the same moment."""
    for chat in ("x", "y"):
        pacing.refused(now, MESSAGE, chat, seconds)


def trial_of(overall, model="window", burst=1, **more):
    return Trial(
        Limits(overall=overall, per_chat=None, model=model, burst=burst, penalty=3), **more
    )


# --- known limits ------------------------------------------------------------------------


def test_with_thirty_allowed_nothing_is_refused_and_little_is_wasted():
    for model in ("window", "bucket"):
        trial = trial_of(30, model).run(580)
        assert trial.refusals == []
        assert len(trial.bulk) > 0.86 * 30 * 580


def test_with_twenty_allowed_few_calls_are_refused():
    for model in ("window", "bucket"):
        trial = trial_of(20, model, answer_takes=0.1).run(600)
        assert len(trial.refusals) < 25
        assert trial.rate(600) > 0.8 * 20


def test_sending_starts_evenly_also_after_idle_time_and_after_a_pause():
    trial = trial_of(40).run(2)
    assert 48 <= len(trial.bulk) <= 51
    trial.now += 3600
    before = len(trial.bulk)
    trial.run(2)
    assert 48 <= len(trial.bulk) - before <= 53
    refuse_all(trial.pacing, trial.now, 5)
    before = len(trial.bulk)
    trial.run(5)
    assert len(trial.bulk) == before
    trial.run(1)
    assert 18 <= len(trial.bulk) - before <= 22


def test_idle_time_does_not_raise_the_rate():
    pacing = Pacing()
    pacing.take(0, "1")
    pacing.take(100_000, "2")
    assert pacing.rate == 25


# --- any limits -----------------------------------------------------------------------------


@given(models, st.floats(0, 0.3))
@settings(max_examples=40, deadline=None)
def test_the_rate_approaches_the_allowed_rate_and_stays_near_it(limits, answer_takes):
    trial = Trial(limits, answer_takes=answer_takes).run(300)
    found = len(trial.refusals)
    trial.run(600)
    assert trial.rate(600) > 0.8 * min(limits.overall, FASTEST)
    # calls on their way at a refusal are refused too; otherwise one in a minute and a half
    later = trial.refusals[found:]
    assert sum(at - before > 1 for before, at in pairwise([0.0, *later])) <= 7
    assert len(later) <= 7 * (2 + answer_takes * FASTEST)  # the first one shows a pause of one chat


@given(models, st.lists(st.floats(0, 60), max_size=400), st.floats(0, 0.3))
@settings(max_examples=200, deadline=None)
def test_bulk_messages_are_even_and_never_starve(limits, replies, answer_takes):
    trial = Trial(limits, answer_takes=answer_takes).run(60, replies)
    answered = sorted(trial.replies)
    for before, at in pairwise(trial.bulk):
        replied = bisect_left(answered, at) - bisect_right(answered, at - 1)
        assert at - before > 1 / max(FASTEST - replied, BULK_AT_LEAST) - EPSILON
    # it always gives a time to continue, however many replies there are
    at = trial.now
    while (wait := trial.pacing.bulk_wait(at)) > 0:
        at += wait
    turns = len(replies) / SLOWEST  # of the calls that wait for the end of a pause
    assert at - trial.now <= limits.penalty + 1 + 1 / BULK_AT_LEAST + turns


@given(st.integers(0, 24))
@settings(deadline=None)
def test_steady_replies_reduce_the_rate_of_bulk_messages(each_second):
    stream = [n / each_second for n in range(40 * each_second)] if each_second else []
    trial = trial_of(None).run(40, stream)
    assert len(trial.replies) == len(stream)
    bulk_now = sum(at >= trial.now - 20 for at in trial.bulk) / 20
    left = max(trial.pacing.rate - each_second, BULK_AT_LEAST)
    assert 0.85 * left - 1 <= bulk_now <= left + 1


@given(
    st.lists(st.tuples(st.floats(0, 3), st.sampled_from("abc"), st.integers(1, 20)), max_size=30)
)
def test_no_call_passes_before_a_pause_is_over(refusals):
    pacing, now, until = Pacing(), 0.0, 0.0
    for later, chat, seconds in refusals:
        now += later
        for other in "ab":
            pacing.refused(now, MESSAGE, f"{chat}{now}{other}", seconds)
        until = max(until, now + seconds)
        # Refusals together count as one pause until the earliest end.
        assert now + pacing.bulk_wait(now) > now
        assert pacing.reserve_reply_slot(now, MESSAGE, "d") > 0
        assert pacing.reserve_reply_slot(now, "getFile", None) > 0
        assert (
            now + pacing.reserve_reply_slot(now, MESSAGE, f"{chat}{now}a")
            >= now + seconds - EPSILON
        )


@given(st.integers(1, 100), st.integers(1, 60))
def test_calls_that_waited_for_a_pause_come_one_after_another(people, seconds):
    pacing = Pacing()
    refuse_all(pacing, 0, seconds)
    turns = [pacing.reserve_reply_slot(0, MESSAGE, str(n)) for n in range(people)]
    assert turns[0] == seconds
    for before, after in pairwise(turns):
        assert after - before >= 1 / FASTEST - EPSILON
    assert pacing.bulk_wait(0) >= turns[-1]


@given(models)
@settings(max_examples=20, deadline=None)
def test_the_rate_recovers_when_more_is_allowed_again(limits):
    trial = Trial(limits).run(300)
    trial.floods.limit(None)
    trial.run(60 * (FASTEST - SLOWEST) + 60)
    assert trial.pacing.rate > 26


# --- one chat and all ---------------------------------------------------------------------------


def test_only_a_chat_that_just_got_a_message_waits():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    assert abs(pacing.chat_wait(10.4, "a") - (CHAT_GAP - 0.4)) < EPSILON
    assert pacing.chat_wait(10.4, "b") == 0
    assert pacing.chat_wait(11.0, "a") == 0
    pacing.take(12.0, "a")
    assert pacing.chat_wait(12.5, "a") > 0


def test_a_refusal_holds_only_its_method_in_its_chat():
    pacing = Pacing()
    pacing.replied(10.0, "a")
    assert not pacing.refused(10.6, MESSAGE, "a", 30)
    assert pacing.chat_wait(11.6, "a") > 28
    assert pacing.reserve_reply_slot(11.0, MESSAGE, "a") > 29
    assert pacing.reserve_reply_slot(11.0, "editMessageText", "a") == 0
    assert pacing.reserve_reply_slot(11.0, MESSAGE, "b") == 0
    assert pacing.bulk_wait(11.0) == 0
    assert pacing.rate == 25


@pytest.mark.parametrize("method", ["setMyCommands", "getFile", "answerCallbackQuery"])
def test_a_method_without_a_chat_never_holds_replies(method):
    pacing = Pacing()
    for second in range(5):
        assert not pacing.refused(second, method, None, 3600)
    assert pacing.reserve_reply_slot(5, method, None) > 3000
    assert pacing.reserve_reply_slot(5, MESSAGE, "a") == 0
    assert pacing.bulk_wait(5) == 0


def test_a_refused_call_that_nobody_waits_for_never_holds_replies():
    pacing = Pacing()
    for chat in "abc":
        assert not pacing.refused(0, "editMessageReplyMarkup", chat, 3600)
    assert pacing.reserve_reply_slot(1, MESSAGE, "a") == 0
    assert pacing.bulk_wait(1) == 0


def test_refusals_of_different_chats_pause_everything_until_the_earliest_end():
    pacing = Pacing()
    assert not pacing.refused(20.1, MESSAGE, "a", 3600)
    assert pacing.refused(20.3, "editMessageText", "b", 30)
    assert 29 < pacing.bulk_wait(21.0) < 30
    assert pacing.reserve_reply_slot(21.0, MESSAGE, "c") > 29
    assert pacing.rate == 20


def test_refusals_of_different_chats_far_apart_pause_only_their_chats():
    pacing = Pacing()
    assert not pacing.refused(20, MESSAGE, "a", 3600)
    assert not pacing.refused(30, MESSAGE, "b", 3600)
    assert not pacing.refused(40, MESSAGE, "c", 3600)
    assert pacing.bulk_wait(41) == 0


def test_a_chat_that_got_several_calls_pauses_only_itself():
    pacing = Pacing()
    for chat in "ab":
        pacing.replied(10.0, chat)
        pacing.replied(10.5, chat)
        assert not pacing.refused(10.6, MESSAGE, chat, 30)
    assert pacing.reserve_reply_slot(11.0, MESSAGE, "c") == 0


def test_a_pause_of_one_chat_does_not_prolong_a_pause_of_all():
    pacing = Pacing()
    pacing.refused(0, MESSAGE, "a", 100)
    refuse_all(pacing, 10.6, 5)
    assert pacing.reserve_reply_slot(11.0, MESSAGE, "a") > 88
    assert pacing.bulk_wait(11.0) < 5


def test_a_successful_trial_call_each_minute_ends_a_long_pause_of_all():
    pacing = Pacing()
    refuse_all(pacing, 0, 3600)
    assert pacing.reserve_reply_slot(1, MESSAGE, "a") > 3500
    assert pacing.bulk_wait(1) == pytest.approx(LONG - 1)
    assert pacing.reserve_reply_slot(LONG, MESSAGE, "a") == 0
    assert pacing.reserve_reply_slot(LONG, MESSAGE, "b") > 3500  # one is enough
    pacing.refused(LONG + 0.1, MESSAGE, "a", 3540)
    assert pacing.bulk_wait(LONG + 1) > LONG - 2
    assert pacing.reserve_reply_slot(2 * LONG + 1, MESSAGE, "b") == 0
    assert pacing.taken(2 * LONG + 1, 2 * LONG + 2, MESSAGE, "b") > 3000
    assert pacing.reserve_reply_slot(2 * LONG + 3, MESSAGE, "x") == 0  # one of those that began it
    assert pacing.reserve_reply_slot(2 * LONG + 3, MESSAGE, "c") == 0
    assert pacing.bulk_wait(2 * LONG + 3) == 0


def test_only_a_later_call_to_a_chat_ends_a_pause_of_all():
    pacing = Pacing()
    refuse_all(pacing, 10, 3600)
    pacing.taken(9.9, 10.1, MESSAGE, "z")
    pacing.taken(11, 11.1, "getMe", None)
    assert pacing.all_paused(12) > 3500


def test_a_long_pause_of_one_chat_also_has_a_trial_call_each_minute():
    pacing = Pacing()
    pacing.refused(0, MESSAGE, "a", 3600)
    assert pacing.reserve_reply_slot(1, MESSAGE, "a") > 3500
    assert pacing.reserve_reply_slot(LONG, MESSAGE, "a") == 0
    assert pacing.reserve_reply_slot(LONG + 1, MESSAGE, "a") > 3500
    assert pacing.chat_wait(2 * LONG, "a") == 0
    assert pacing.taken(2 * LONG, 2 * LONG, MESSAGE, "a") > 0
    assert pacing.reserve_reply_slot(2 * LONG, MESSAGE, "a") == 0


def test_the_active_pauses_are_listed():
    pacing = Pacing()
    pacing.refused(0, "setMyCommands", None, 100)
    refuse_all(pacing, 0, 200)
    assert list(pacing.pauses(150)) == [(None, 0, 50), (MESSAGE, 2, 50)]
    assert ("setMyCommands", 0, 90) in list(pacing.pauses(10))
    assert list(pacing.pauses(201)) == []


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 50)), max_size=300))
def test_only_calls_of_the_last_seconds_are_remembered(calls):
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


def test_a_pause_of_all_is_not_a_pause_of_the_chat():
    pacing = Pacing()
    refuse_all(pacing, 10.0, 30)
    assert pacing.chat_wait(11.0, "a") == 0


# --- other workers -------------------------------------------------------------------------------


def test_bulk_messages_leave_room_for_replies_of_other_workers():
    pacing = Pacing(rate=20)
    pacing.take(0.0, "1")
    assert pacing.bulk_wait(0.0) == pytest.approx(1 / 20)
    pacing.note_other_workers(0.0, 15, 0)
    assert pacing.bulk_wait(0.0) == pytest.approx(1 / 5)
    assert pacing.reserve_reply_slot(0.0, MESSAGE, "1") == 0
    assert pacing.bulk_wait(OTHERS_VALID) == 0
    pacing.take(OTHERS_VALID, "1")
    assert pacing.bulk_wait(OTHERS_VALID) == pytest.approx(1 / 20, rel=0.1)


def test_a_pause_told_to_another_worker_holds_here_and_is_not_published_again():
    pacing = Pacing(rate=20)
    pacing.note_other_workers(0.0, 0, 10)
    assert pacing.reserve_reply_slot(0.0, MESSAGE, "1") == 10
    assert pacing.rate < 20
    assert pacing.own_pause(0.0) == 0
    slower = pacing.rate
    for second in range(1, 10):  # read repeatedly, each time with a small difference
        pacing.note_other_workers(float(second), 0, 10 - second + 0.1)
    pacing.note_other_workers(10.05, 0, 0.05)
    assert pacing.rate == slower
    assert pacing.all_paused(10.06) == 0


def test_a_pause_of_all_is_published_and_a_pause_of_one_chat_is_not():
    pacing = Pacing(rate=20)
    refuse_all(pacing, 0.0, 10)
    assert pacing.own_pause(4.0) == 6
    other = Pacing(rate=20)
    other.replied(0.0, "1")
    other.replied(0.5, "1")
    other.refused(1.0, MESSAGE, "1", 10)
    assert other.own_pause(1.0) == 0


def test_an_ended_pause_does_not_start_again_because_of_other_workers():
    pacing = Pacing(rate=20)
    pacing.note_other_workers(0.0, 0, 3600)
    assert pacing.reserve_reply_slot(LONG, MESSAGE, "1") == 0
    pacing.taken(LONG, LONG, MESSAGE, "1")
    pacing.note_other_workers(LONG + 1, 0, 3600 - LONG - 1)
    assert pacing.reserve_reply_slot(LONG + 2, MESSAGE, "2") == 0


def test_old_replies_are_forgotten_without_bulk_messages_too():
    pacing = Pacing()
    for number in range(1000):
        pacing.replied(number / 10)
    assert len(pacing._replies) <= 11
    assert pacing.used(100.0) == 9
