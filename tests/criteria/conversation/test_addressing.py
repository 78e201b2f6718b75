"""Which open question a message is about, given what its writer can have seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from criteria.conversation.addressing import Asked, Inputs, Showing, Written, address, order

T = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
NUMBER = Inputs(frozenset({"number"}))
YES = Inputs(frozenset({"yes_no", "agreement"}))
RIGHT = Inputs(frozenset({"agreement"}), frozenset({"yes_no"}))


def question(key, message, takes="number", **more):
    return Asked(key, message, Showing(T, message, 10), frozenset({takes}), **more)


def office(key, message):
    return Asked(key, message, Showing(T, message, 10), frozenset({"agreement"}), by_itself=True)


def returned(key, message):
    return Asked(key, message, Showing(T, message, 10), frozenset({"number"}), by_itself=True)


def said(message, **more):
    return Written(T, message, 20, **more)


def meant(written, inputs, *asked, repeats=lambda _: False):
    found = address(written, inputs, asked, repeats)
    return found.outcome, tuple(one.key for one in found.asked)


@pytest.mark.parametrize(
    ("written", "shown", "expected"),
    [
        (Written(T, 5, 1), Showing(T, 4, 9), "after"),
        (Written(T, 5, 1), Showing(T - timedelta(hours=1), 6, 0), "before"),
        (Written(T, 5, 1), Showing(T + timedelta(seconds=1), None, 0), "before"),
        (Written(T, 5, 1), Showing(T - timedelta(seconds=1), None, 9), "after"),
        (Written(T, 5, 10), Showing(T, None, 9), "after"),
        (Written(T, 5, 9), Showing(T, None, 9), "unknown"),
        (Written(T, 5, None), Showing(T, None, 9), "after"),
        (Written(T, 5, 1), None, "unknown"),
    ],
)
def test_message_numbers_order_messages_and_seconds_order_edits(written, shown, expected):
    assert order(written, shown) == expected


def test_the_open_question_gets_the_answer():
    assert meant(said(3), NUMBER, question(1, 2)) == ("answer", (1,))


def test_a_reply_is_about_the_message_it_replies_to():
    old = question(1, 2, settled=True)
    assert meant(said(9, reply_to=2), NUMBER, old, question(2, 4)) == ("correction", (1,))
    assert meant(said(9, reply_to=4), NUMBER, old, question(2, 4)) == ("answer", (2,))


def test_a_reply_to_an_edited_message_is_about_what_it_showed_at_that_time():
    first = Asked(1, 2, Showing(T, 2, 1), frozenset({"number"}), settled=True)
    then = Asked(2, 2, Showing(T + timedelta(seconds=9), None, 3), frozenset({"number"}))
    early = Written(T + timedelta(seconds=5), 3, 2, reply_to=2)
    late = Written(T + timedelta(seconds=12), 4, 5, reply_to=2)
    assert meant(early, NUMBER, first, then) == ("correction", (1,))
    assert meant(late, NUMBER, first, then) == ("answer", (2,))
    same = Written(T + timedelta(seconds=9), 5, 3, reply_to=2)
    assert meant(same, NUMBER, first, then) == ("which", (1, 2))


def test_a_text_written_before_its_question_was_shown_does_not_answer_it():
    answered = question(1, 2, settled=True)
    assert meant(said(4), NUMBER, answered, question(2, 6)) == ("which", (1, 2))
    assert meant(said(4), NUMBER, answered, question(2, 6, "yes_no")) == ("which", (1,))
    assert meant(said(1), NUMBER, question(2, 6)) == ("which", (2,))
    assert meant(said(1), YES, question(2, 6)) == ("unseen", ())


def test_a_repeated_answer_counts_once():
    answered, present = question(1, 2, settled=True), question(2, 6)
    found = meant(said(4), NUMBER, answered, present, repeats=lambda one: one is answered)
    assert found == ("repeated", (1,))


def test_a_text_goes_to_the_question_that_was_open_when_it_was_written():
    left = question(5, 2, left=True)
    assert meant(said(4), NUMBER, left, question(2, 6)) == ("answer", (5,))


def test_a_question_that_was_perhaps_never_shown_gets_no_answer():
    lost = Asked(2, None, None, frozenset({"number"}))
    answered = question(1, 2, settled=True)
    assert meant(said(4), NUMBER, answered, lost) == ("which", (1, 2))
    assert meant(said(4), NUMBER, lost) == ("which", (2,))


def test_agreement_goes_to_the_offices_correction_and_an_answer_to_the_question():
    seven = question(7, 4, "yes_no")
    assert meant(said(9), RIGHT, seven, office(1, 6)) == ("answer", (1,))
    assert meant(said(9), YES, seven, office(1, 6)) == ("which", (7, 1))
    assert meant(said(9), YES, office(1, 2), seven) == ("answer", (7,))
    assert meant(said(9), RIGHT, office(1, 2), seven) == ("answer", (1,))


def test_a_number_with_two_open_number_questions_is_asked_about():
    five = question(5, 4)
    assert meant(said(9), NUMBER, five, returned(1, 6)) == ("which", (5, 1))
    assert meant(said(9), NUMBER, returned(1, 2), five) == ("answer", (5,))
    assert meant(said(5), NUMBER, five, returned(1, 6)) == ("answer", (5,))


def test_agreement_with_two_open_confirmations_is_asked_about():
    assert meant(said(9), RIGHT, office(1, 2), office(2, 3), question(5, 4)) == ("which", (1, 2))


def test_a_number_never_answers_a_confirmation_about_another_question():
    behind = question(5, 2)
    confirm = question(1, 4, "agreement")
    assert meant(said(9), NUMBER, behind, confirm) == ("answer", (5,))
    assert meant(said(9), RIGHT, behind, confirm) == ("answer", (1,))


def test_a_sentence_goes_to_the_screen_that_asks_for_one():
    note = question(1, 4, "anything")
    assert meant(said(9), NUMBER, question(5, 2), note) == ("answer", (1,))
    assert meant(said(9), Inputs(), question(5, 2), note) == ("answer", (1,))


def test_a_question_that_was_left_gets_no_answer_unfit_for_the_open_one():
    left = question(5, 2, left=True)
    assert meant(said(9), NUMBER, left, question(6, 4, "yes_no")) == ("nothing", ())


def test_a_settled_question_takes_no_more_answers():
    done = replace(office(1, 6), settled=True)
    assert meant(said(9), RIGHT, question(7, 4, "yes_no"), done) == ("answer", (7,))
