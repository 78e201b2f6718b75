"""The place of a person: what is open, what comes next, what leads back."""

from dataclasses import replace

import pytest

from criteria.answers import Ratio, YesNo
from criteria.conversation import (
    Feedback,
    Move,
    Place,
    Question,
    Send,
    Undo,
    advance,
    evening_place,
)
from criteria.conversation.advance import after_difficulty
from criteria.conversation.next_question import (
    find,
    go_back,
    index_of,
    next_open,
    place_after,
    total_of,
)

A, B, C = (Question(code, "yes_no") for code in "ABC")
OPEN = (A, B, C)
YES = YesNo(yes=True)


def answered(*codes):
    return tuple(replace(one, answer=YES) if one.code in codes else one for one in OPEN)


def reasons(step):
    return [said.reason for said in step.feedback]


@pytest.mark.parametrize(
    ("changed", "open_"),
    [
        ({}, True), ({"answer": YES}, False), ({"unknown": True}, False),
        ({"answer": YES, "returned": True}, True), ({"named": False}, False),
        ({"named": True}, True), ({"named": False, "returned": True}, True),
        ({"answer": YES, "named": True}, False),
    ],
)  # fmt: skip
def test_a_question_is_open_until_it_is_answered_and_again_when_it_is_returned(changed, open_):
    assert replace(A, **changed).open is open_


@pytest.mark.parametrize(
    ("own", "expected", "total"),
    [(None, None, None), (None, 400, 400), (410, 400, 410), (None, 0, None), (0, 400, 400)],
)
def test_a_total_of_zero_is_not_a_total_to_ask_over(own, expected, total):
    question = Question("A", "ratio", expected=expected, own_total=own)
    assert question.total == total
    assert total_of(Place("ask", "A"), question) == total
    assert total_of(replace(Place("ask", "A"), own_total=7), question) == 7
    assert total_of(replace(Place("ask", "A"), own_total=0), question) == 0


@pytest.mark.parametrize(
    ("questions", "later", "after", "code"),
    [
        (OPEN, (), None, "A"), (OPEN, (), "A", "B"), (OPEN, (), "C", "A"), (OPEN, (), "B", "C"),
        (OPEN, ("A",), None, "B"), (OPEN, ("B",), "A", "C"), (OPEN, ("A", "B"), "C", "A"),
        (OPEN, ("A", "A", "B"), "C", "B"), (answered("A", "B"), (), "B", "C"),
        (answered("B"), (), "A", "C"), (OPEN, (), "gone", "B"),
    ],
)  # fmt: skip
def test_the_next_open_question_wraps_around_and_skipped_ones_come_last(
    questions, later, after, code
):
    found = next_open(Place("ask", after, later=later), questions, after)
    assert (found.screen, found.code, found.later) == ("ask", code, later)


@pytest.mark.parametrize(
    ("questions", "later", "after"),
    [
        (answered("A", "B", "C"), (), "A"), (answered("A", "B"), ("C",), "C"),
        (OPEN, ("A", "A", "B", "B"), "C"), ((), (), None),
    ],
)  # fmt: skip
def test_without_an_open_question_the_summary_comes(questions, later, after):
    assert next_open(Place("ask", after, later=later), questions, after) == Place("summary")


def test_a_correction_returns_to_where_it_began():
    place = Place("ask", "A", later=("C",), back_to="B")
    assert place_after(place, OPEN, "A") == go_back(place, OPEN) == Place("ask", "B", later=("C",))
    for back_to in ("summary", "gone"):
        assert go_back(replace(place, back_to=back_to), OPEN) == Place("summary")
    assert go_back(replace(place, back_to="rest"), OPEN) == Place("rest", later=("C",), alone=True)
    alone = go_back(replace(place, alone=True), OPEN)
    assert alone == Place("ask", "B", later=("C",), alone=True)


def test_after_an_evenings_question_nothing_is_asked_while_others_are_open():
    place = Place("ask", "A", later=("B",), alone=True)
    assert place_after(place, answered("A"), "A") == Place("rest", later=("B",), alone=True)
    assert place_after(place, answered("A", "B", "C"), "A") == Place("summary")
    assert place_after(replace(place, alone=False), answered("A"), "A").code == "C"


def test_an_evening_asks_the_first_open_question_that_was_not_skipped():
    assert evening_place(Place(), answered("A")) == Place("ask", "B", alone=True)
    later = Place("rest", later=("B",), alone=True)
    assert evening_place(later, answered("A")) == Place("ask", "C", later=("B",), alone=True)
    assert evening_place(later, answered("A", "C")) == Place("ask", "B", alone=True)
    assert evening_place(later, answered("A", "B", "C")) is None


def test_a_question_is_found_by_code_with_its_position():
    assert find(OPEN, "B") is B
    assert find(OPEN, "gone") is None
    assert [index_of(OPEN, code) for code in ("A", "C", "gone", None)] == [0, 2, 0, 0]


def test_going_to_another_question_keeps_only_what_outlives_a_question():
    place = Place(
        "confirm", "A", 5, 412, Ratio(1, 2), ("total",), ("C",), "B", "books", "AgAC", True
    )
    assert place.at("C") == Place("ask", "C", later=("C",), back_to="B", alone=True)
    assert place.at("B") == Place("ask", "B", later=("C",), alone=True)
    assert place.on("more") == Place(
        "more", "A", own_total=412, later=("C",), back_to="B", alone=True
    )
    assert place.to_summary() == Place("summary")
    assert Place.from_json(place.to_json()) == place


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("gaps"), Place("summary")), (Place("summary"), Place("ask", "C")),
        (Place("difficulty"), Place("summary")), (Place("difficulty", "B"), Place("ask", "B")),
        (Place("difficulty", alone=True), Place("rest", alone=True)),
        (Place("home"), Place("summary")), (Place("more", "B"), Place("ask", "B")),
        (Place("ask", "C"), Place("ask", "B")), (Place("ask", "C", back_to="A"), Place("ask", "A")),
        (Place("ask", "A"), Place("ask", "A")),
    ],
)  # fmt: skip
def test_back_returns_to_the_earlier_screen(place, expected):
    step = advance(place, OPEN, Move("back"))
    assert step.place == expected
    assert reasons(step) == (["first_question"] if place == Place("ask", "A") else [])


def test_after_a_difficulty_the_conversation_goes_on_where_it_was_raised():
    assert after_difficulty(Place("difficulty", "B", back_to="A")) == Place("ask", "B", back_to="A")
    assert after_difficulty(Place("difficulty")) == Place("summary")
    assert after_difficulty(Place("difficulty", later=("A",), alone=True)) == Place(
        "rest", later=("A",), alone=True
    )


@pytest.mark.parametrize("number", [0, -1, 4, None])
def test_an_unknown_question_number_changes_nothing(number):
    step = advance(Place("ask", "B"), OPEN, Move("edit", number=number))
    assert step.feedback == (Feedback("no_such_question", count=3),)


@pytest.mark.parametrize(
    ("place", "number", "expected"),
    [
        (Place("ask", "B"), 1, Place("ask", "A", back_to="B")),
        (Place("ask", "B"), 3, Place("ask", "C", back_to="B")),
        (Place("ask", "B"), 2, Place("ask", "B")),
        (Place("summary"), 1, Place("ask", "A", back_to="summary")),
        (Place("gaps"), 1, Place("ask", "A", back_to="summary")),
        (Place("rest", alone=True), 1, Place("ask", "A", back_to="rest", alone=True)),
        (Place("home"), 1, Place("ask", "A")),
        (Place("ask", "B", back_to="C"), 1, Place("ask", "A", back_to="C")),
    ],
)  # fmt: skip
def test_a_correction_named_by_number_returns_to_the_present_question(place, number, expected):
    assert advance(place, OPEN, Move("edit", number=number)).place == expected


def test_undo_shows_the_question_unless_no_question_is_open():
    for screen in ("summary", "home"):
        step = advance(Place(screen), OPEN, Move("undo"), "A")
        assert step.place == Place(screen)
        assert (step.changes, step.feedback) == ((Undo("A"),), (Feedback("undone", "A"),))
    assert advance(Place("ask", "B"), OPEN, Move("undo"), "A").place == Place(
        "ask", "A", back_to="B"
    )
    own = advance(Place("ask", "A", back_to="C"), OPEN, Move("undo"), "A").place
    assert own == Place("ask", "A", back_to="C")
    for code in (None, "gone"):
        assert reasons(advance(Place("ask", "B"), OPEN, Move("undo"), code)) == ["nothing_to_undo"]


@pytest.mark.parametrize(
    ("questions", "screen", "expected", "sent"),
    [
        (OPEN, "summary", "summary", False), (answered("A"), "summary", "gaps", False),
        (answered("A"), "gaps", "summary", True), (answered("A"), "ask", "summary", False),
        (answered("A", "B", "C"), "summary", "summary", True),
        ((*answered("A", "B")[:2], replace(C, unknown=True)), "summary", "gaps", False),
        (tuple(replace(one, unknown=True) for one in OPEN), "summary", "gaps", False),
        ((replace(A, answer=YES, returned=True),), "summary", "gaps", False),
    ],
)  # fmt: skip
def test_sending_warns_of_gaps_once(questions, screen, expected, sent):
    step = advance(Place(screen, "A" if screen == "ask" else None), questions, Move("send"))
    assert (step.place.screen, step.changes) == (expected, (Send(),) if sent else ())
    assert reasons(step) == (["nothing_answered"] if questions is OPEN else [])


def test_an_old_button_is_confirmed_first_and_the_present_question_stays():
    questions = answered("A")
    no = YesNo(yes=False)
    asked = advance(Place("ask", "B"), questions, Move("give", no, code="A"))
    assert (asked.place.pending, asked.place.doubts) == (no, ("correction",))
    assert asked.place.back_to == "B"
    sure = advance(Place("ask", "B"), questions, Move("give", no, code="A", sure=True))
    assert (sure.changes != (), sure.place) == (True, Place("ask", "B"))
    same = advance(Place("ask", "B"), questions, Move("give", YES, code="A"))
    assert (same.feedback, same.place) == ((Feedback("already", "A", YES),), Place("ask", "B"))
    fresh = advance(Place("ask", "B"), questions, Move("give", no, code="C"))
    assert (fresh.changes != (), fresh.place) == (True, Place("ask", "B"))
    gone = advance(Place("ask", "B"), questions, Move("give", no, code="gone"))
    assert (reasons(gone), gone.place) == (["question_gone"], Place("ask", "B"))
    home = advance(Place("home"), OPEN, Move("give", no, code="A"))
    assert (home.changes != (), home.place) == (True, Place("ask", "B"))


def test_an_answer_to_another_question_leaves_the_confirmation_open():
    asked = advance(
        Place("ask", "B"), answered("A"), Move("give", YesNo(yes=False), code="A")
    ).place
    behind = advance(asked, answered("A"), Move("give", YES, code="B"))
    assert behind.changes != ()
    assert (behind.place.screen, behind.place.code, behind.place.pending) == (
        "confirm", "A", YesNo(yes=False),
    )  # fmt: skip
    assert behind.place.back_to == "C"


def test_leaving_an_open_confirmation_is_always_mentioned():
    waiting = Place("confirm", "A", pending=YES, doubts=("reading",))
    left = advance(waiting, OPEN, Move("back"))
    assert left.feedback[-1] == Feedback("not_kept", "A", YES)
    for move in (Move("yes"), Move("no"), Move("give", YES)):
        assert "not_kept" not in reasons(advance(waiting, OPEN, move))
    for move in (Move("done"), Move("send")):
        step = advance(waiting, OPEN, move)
        assert (step.place, reasons(step)) == (waiting, ["confirm_first"])
    moved = advance(waiting, OPEN, Move("skip"))
    assert moved.feedback[-1] == Feedback("not_kept", "A", YES)
    elsewhere = advance(waiting, OPEN, Move("give", YES, code="C"))
    assert elsewhere.feedback[-1].reason == "not_kept"


def test_leaving_returns_to_where_a_correction_began():
    step = advance(Place("ask", "A", back_to="C"), OPEN, Move("cancel"))
    assert (step.place, reasons(step)) == (Place("ask", "C"), ["nothing_deleted"])
    for place in (Place("ask", "A"), Place("summary"), Place("rest", alone=True), Place("home")):
        step = advance(place, OPEN, Move("cancel"))
        assert (step.place, reasons(step)) == (place, ["nothing_deleted"])
    assert advance(Place("gaps"), OPEN, Move("cancel")).place == Place("summary")


def test_without_a_present_question_one_must_be_chosen():
    for move in (Move("give", YES), Move("skip"), Move("yes")):
        assert reasons(advance(Place("summary"), OPEN, move)) == ["choose_first"]
    assert reasons(advance(Place("ask", "B"), OPEN, Move("help"))) == ["help"]
    assert advance(Place("ask", "B"), OPEN, Move("difficulty")).place == Place("difficulty", "B")
    resumed = advance(Place("rest", later=("A",), alone=True), OPEN, Move("resume")).place
    assert resumed == Place("ask", "B", later=("A",))
