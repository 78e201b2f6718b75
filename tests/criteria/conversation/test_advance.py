"""The next step of a conversation, move by move."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from criteria.conversation import Feedback, Move, Place, Put, Question, Send, Undo, advance, begin
from criteria.reading.outcome import All

PHONES = Question("HT1", "ratio", expected=400, commune_total=400, last=Ratio(340, 400))
CADRES = Question("HT2", "ratio")
TEAM = Question("CQ3", "yes_no", last=YesNo(yes=True))
QUESTIONS = (PHONES, CADRES, TEAM)


def answered(*values):
    return tuple(replace(q, answer=v) for q, v in zip(QUESTIONS, values, strict=True))


ALL_ANSWERED = answered(Ratio(350, 400), Ratio(5, 5), YesNo(yes=True))


def reasons(step):
    return [said.reason for said in step.feedback]


def test_a_report_begins_at_the_first_open_question():
    assert begin(QUESTIONS) == Place("ask", "HT1")
    assert begin(answered(Ratio(1, 400), None, None)) == Place("ask", "HT2")
    assert begin(ALL_ANSWERED).screen == "summary"


def test_a_number_over_a_known_total_is_stored_and_the_next_question_comes():
    step = advance(Place("ask", "HT1"), QUESTIONS, Move("give", 350))
    assert step.changes == (Put("HT1", Ratio(350, 400)),)
    assert step.place == Place("ask", "HT2")
    assert step.feedback == (Feedback("noted", "HT1", Ratio(350, 400)),)


def test_a_number_without_a_total_asks_for_the_total():
    first = advance(Place("ask", "HT2"), QUESTIONS, Move("give", 5))
    assert (first.place.screen, first.place.numerator, first.changes) == ("total", 5, ())
    second = advance(first.place, QUESTIONS, Move("give", 6))
    assert second.changes == (Put("HT2", Ratio(5, 6)),)


def test_a_count_above_the_total_is_never_stored():
    step = advance(Place("ask", "HT1"), QUESTIONS, Move("give", 401))
    assert (step.changes, reasons(step)) == ((), ["part_over_total"])
    step = advance(Place("total", "HT2", numerator=7), QUESTIONS, Move("give", 6))
    assert (step.changes, reasons(step), step.place.numerator) == ((), ["part_over_total"], 7)
    step = advance(Place("ask", "HT1"), QUESTIONS, Move("give", Ratio(9, 8)))
    assert step.changes == ()


def test_an_answered_question_cannot_be_skipped():
    questions = (replace(PHONES, answer=Ratio(350, 400)), CADRES, TEAM)
    step = advance(Place("ask", "HT1"), questions, Move("skip"))
    assert step.feedback == (Feedback("kept", "HT1", Ratio(350, 400)),)
    assert step.place == Place("ask", "HT2")
    asked_again = (replace(questions[0], returned=True), CADRES, TEAM)
    assert reasons(advance(Place("ask", "HT1"), asked_again, Move("skip"))) == ["later"]


def test_a_number_far_from_last_time_is_confirmed_once_and_then_stored():
    asked = advance(Place("ask", "HT1"), QUESTIONS, Move("give", 100))
    assert asked.place.screen == "confirm"
    assert asked.place.doubts == ("numerator",)
    assert advance(asked.place, QUESTIONS, Move("yes")).changes == (Put("HT1", Ratio(100, 400)),)


def test_a_full_reply_to_a_confirmation_replaces_the_value():
    asked = advance(Place("ask", "HT1"), QUESTIONS, Move("give", 100))
    step = advance(asked.place, QUESTIONS, Move("give", Ratio(345, 400)))
    assert step.changes == (Put("HT1", Ratio(345, 400)),)


def test_repeating_the_same_reply_confirms_it():
    asked = advance(Place("ask", "HT1"), QUESTIONS, Move("give", 100))
    assert advance(asked.place, QUESTIONS, Move("give", 100)).changes == (
        Put("HT1", Ratio(100, 400)),
    )


def test_a_yes_no_that_contradicts_a_confirmation_is_asked_again():
    asked = advance(Place("ask", "CQ3"), QUESTIONS, Move("give", YesNo(yes=False), clear=False))
    step = advance(asked.place, QUESTIONS, Move("give", YesNo(yes=True)))
    assert step.changes == ()
    assert (step.place.screen, step.place.pending) == ("confirm", YesNo(yes=True))


def test_a_differing_total_is_stored_beside_the_communes_total():
    wrong = advance(Place("ask", "HT1"), QUESTIONS, Move("fix_total"))
    total = advance(wrong.place, QUESTIONS, Move("give", 412))
    assert (total.place.screen, total.place.own_total) == ("ask", 412)
    step = advance(total.place, QUESTIONS, Move("give", 350))
    assert step.changes == (Put("HT1", Ratio(350, 412), commune_total=400),)


def test_the_answer_everybody_needs_a_known_total():
    assert advance(Place("ask", "HT1"), QUESTIONS, Move("give", All())).changes == (
        Put("HT1", Ratio(400, 400)),
    )
    step = advance(Place("ask", "HT2"), QUESTIONS, Move("give", All()))
    assert (step.changes, reasons(step)) == ((), ["total_wanted"])


def test_as_last_time_puts_the_earlier_numerator_over_todays_total():
    grown = (replace(PHONES, expected=412), *QUESTIONS[1:])
    step = advance(Place("ask", "HT1"), grown, Move("same"))
    assert step.changes[0].value == Ratio(340, 412)
    shrunk = (replace(PHONES, expected=300), *QUESTIONS[1:])
    step = advance(Place("ask", "HT1"), shrunk, Move("same"))
    assert (step.changes, reasons(step)) == ((), ["earlier_over_total"])
    step = advance(Place("ask", "HT2"), QUESTIONS, Move("same"))
    assert (step.changes, reasons(step)) == ((), ["nothing_earlier"])


def test_skipped_questions_come_once_more_before_the_summary():
    place = advance(Place("ask", "HT1"), QUESTIONS, Move("skip")).place
    assert place.code == "HT2"
    now = answered(None, Ratio(5, 5), None)
    place = advance(place, now, Move("give", Ratio(5, 5))).place
    assert place.code == "CQ3"
    place = advance(place, now, Move("yes")).place
    assert place.code == "HT1"
    now = answered(None, Ratio(5, 5), YesNo(yes=True))
    step = advance(place, now, Move("skip"))
    assert (step.place.screen, reasons(step)) == ("summary", ["left_open"])


def test_an_answer_not_known_stays_missing_and_is_not_asked_again():
    step = advance(Place("ask", "HT1"), QUESTIONS, Move("unknown"))
    assert step.changes == (Put("HT1", None),)
    after = (replace(PHONES, unknown=True), *ALL_ANSWERED[1:])
    assert begin(after).screen == "summary"


def test_not_applicable_is_confirmed_and_stored_as_a_total_of_zero():
    asked = advance(Place("more", "HT1"), QUESTIONS, Move("none"))
    assert asked.place.screen == "confirm"
    assert advance(asked.place, QUESTIONS, Move("yes")).changes == (
        Put("HT1", Ratio(0, 0), commune_total=400),
    )


def test_back_only_moves():
    step = advance(Place("ask", "HT2"), QUESTIONS, Move("back"))
    assert (step.place, step.changes) == (Place("ask", "HT1"), ())
    assert reasons(advance(Place("ask", "HT1"), QUESTIONS, Move("back"))) == ["first_question"]
    assert advance(Place("explain", "HT2"), QUESTIONS, Move("back")).place == Place("ask", "HT2")


def test_an_edit_with_a_reply_goes_through_the_checks_and_returns():
    place = Place("ask", "CQ3")
    step = advance(place, QUESTIONS, Move("edit", number=1, then=Move("give", Ratio(360, 400))))
    assert step.changes == (Put("HT1", Ratio(360, 400)),)
    assert step.place == Place("ask", "CQ3")
    step = advance(place, QUESTIONS, Move("edit", number=1, then=Move("give", Ratio(401, 400))))
    assert (step.changes, step.place.code) == ((), "HT1")
    assert reasons(advance(place, QUESTIONS, Move("edit", number=9))) == ["no_such_question"]


def test_an_old_button_corrects_its_own_question_after_a_confirmation():
    old = Move("no", code="CQ3", clear=False, reason="old_button")
    asked = advance(Place("ask", "HT1"), ALL_ANSWERED, old)
    assert (asked.changes, asked.place.screen, asked.place.code) == ((), "confirm", "CQ3")
    step = advance(asked.place, ALL_ANSWERED, Move("yes"))
    assert step.changes == (Put("CQ3", YesNo(yes=False)),)
    assert step.place.code == "HT1"


def test_declining_a_correction_keeps_what_stands():
    old = Move("no", code="CQ3", clear=False, reason="old_button")
    asked = advance(Place("ask", "HT1"), ALL_ANSWERED, old)
    step = advance(asked.place, ALL_ANSWERED, Move("no"))
    assert (step.changes, reasons(step), step.place.code) == ((), ["kept"], "HT1")


def test_another_members_answer_is_overwritten_only_after_asking():
    other = (replace(PHONES, answer=Ratio(341, 400), by_other=True), *QUESTIONS[1:])
    asked = advance(Place("ask", "HT1"), other, Move("give", 350))
    assert (asked.changes, asked.place.doubts) == ((), ("others_answer",))
    assert advance(asked.place, other, Move("yes")).changes == (Put("HT1", Ratio(350, 400)),)


def test_sending_needs_the_summary_and_warns_when_something_is_missing():
    opened = advance(Place("ask", "HT1"), QUESTIONS, Move("send"))
    assert (opened.place.screen, opened.changes) == ("summary", ())
    nothing = advance(opened.place, QUESTIONS, Move("send"))
    assert (nothing.changes, reasons(nothing)) == ((), ["nothing_answered"])
    some = answered(Ratio(350, 400), None, None)
    warned = advance(opened.place, some, Move("send"))
    assert (warned.place.screen, warned.changes) == ("gaps", ())
    assert advance(warned.place, some, Move("send")).changes == (Send(),)
    assert advance(Place("summary"), ALL_ANSWERED, Move("send")).changes == (Send(),)


def test_undo_names_the_question_of_the_last_change():
    step = advance(Place("ask", "CQ3"), QUESTIONS, Move("undo"), last_change="HT1")
    assert (step.changes, step.place.code) == ((Undo("HT1"),), "HT1")
    assert reasons(advance(Place("ask", "CQ3"), QUESTIONS, Move("undo"))) == ["nothing_to_undo"]


def test_only_a_returned_question_is_asked_again():
    returned = (ALL_ANSWERED[0], replace(ALL_ANSWERED[1], returned=True), ALL_ANSWERED[2])
    assert begin(returned) == Place("ask", "HT2")
    step = advance(begin(returned), returned, Move("give", Ratio(4, 5)))
    assert step.place.screen == "summary"


def test_leaving_a_report_deletes_nothing():
    for screen in ("ask", "confirm", "more", "explain", "total", "evidence", "difficulty"):
        step = advance(Place(screen, "HT2"), QUESTIONS, Move("cancel"))
        assert (step.changes, step.place.screen, step.place.code) == ((), "ask", "HT2")


counts = st.integers(0, 500)
values = st.one_of(
    counts, st.builds(Ratio, counts, counts), st.builds(YesNo, st.booleans()), st.just(All())
)
moves = st.one_of(
    st.builds(Move, st.just("give"), values, st.booleans()),
    st.builds(
        Move,
        st.sampled_from(
            [
                "unclear",
                "yes",
                "no",
                "skip",
                "unknown",
                "none",
                "same",
                "back",
                "undo",
                "done",
                "send",
                "cancel",
                "help",
                "explain",
                "more",
                "fix_total",
                "evidence",
                "difficulty",
                "resume",
            ]
        ),
        code=st.sampled_from([None, "HT1", "HT2", "CQ3", "gone"]),
    ),
    st.builds(Move, st.just("edit"), number=st.integers(-1, 5)),
)


@given(st.lists(moves, max_size=30))
def test_no_moves_store_something_impossible_or_lead_to_a_dead_end(todo):
    questions, place, last = QUESTIONS, begin(QUESTIONS), None
    for move in todo:
        step = advance(place, questions, move, last)
        for change in step.changes:
            if isinstance(change, Put):
                last = change.code
                if isinstance(change.value, Ratio):
                    assert 0 <= change.value.numerator <= change.value.denominator
                questions = tuple(
                    replace(q, answer=change.value, unknown=change.value is None)
                    if q.code == change.code
                    else q
                    for q in questions
                )
        place = Place.from_json(step.place.to_json())
        assert place == step.place
    if place.screen == "confirm":  # an open confirmation is never left without a sentence
        kept = advance(place, questions, Move("done"))
        assert (kept.place, kept.feedback[0].reason) == (place, "confirm_first")
        place = advance(place, questions, Move("no")).place
    done = advance(place, questions, Move("done")).place
    assert done.screen == "summary"


@pytest.mark.parametrize("text", [None, "", "{}", '{"v":2,"place":{}}', "nonsense"])
def test_an_unreadable_place_becomes_the_home_screen(text):
    assert Place.from_json(text) == Place()
