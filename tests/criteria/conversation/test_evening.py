"""The one question of an evening: after its answer, or when it is skipped, no other one follows."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from criteria.conversation import Move, Place, Put, Question, advance, evening_place

QUESTIONS = (
    Question("A", "ratio", expected=400),
    Question("B", "yes_no"),
    Question("C", "yes_no"),
)


def after(questions, step):
    """The questions after the step is stored."""
    for change in step.changes:
        if isinstance(change, Put):
            questions = tuple(
                replace(q, answer=change.value, unknown=change.value is None)
                if q.code == change.code
                else q
                for q in questions
            )
    return questions


def test_one_answer_ends_the_evening_and_the_next_evening_asks_the_next_question():
    place = evening_place(Place(), QUESTIONS)
    assert (place.screen, place.code, place.alone) == ("ask", "A", True)
    step = advance(place, QUESTIONS, Move("give", 350))
    assert step.changes == (Put("A", Ratio(350, 400)),)
    assert (step.place.screen, step.place.code) == ("rest", None)
    assert evening_place(step.place, after(QUESTIONS, step)).code == "B"


def test_a_confirmed_or_corrected_number_ends_the_evening_too():
    place = evening_place(Place(), QUESTIONS)
    asked = advance(place, QUESTIONS, Move("give", 350, clear=False)).place
    assert asked.screen == "confirm"
    again = advance(asked, QUESTIONS, Move("no")).place
    assert advance(again, QUESTIONS, Move("give", 340)).place.screen == "rest"
    assert advance(asked, QUESTIONS, Move("yes")).place.screen == "rest"


def test_the_last_answer_leads_to_the_summary():
    questions = (replace(QUESTIONS[0], answer=Ratio(1, 400)), QUESTIONS[1])
    place = evening_place(Place(), questions)
    assert advance(place, questions, Move("yes")).place == Place("summary")
    assert evening_place(Place(), after(questions, advance(place, questions, Move("yes")))) is None


def test_a_skipped_question_comes_again_after_the_others():
    step = advance(evening_place(Place(), QUESTIONS), QUESTIONS, Move("skip"))
    assert (step.place.screen, step.place.later) == ("rest", ("A",))
    assert evening_place(step.place, QUESTIONS).code == "B"
    rest = (QUESTIONS[0], *(replace(q, answer=YesNo(yes=True)) for q in QUESTIONS[1:]))
    again = evening_place(step.place, rest)
    assert (again.code, again.later) == ("A", ())
    assert advance(again, rest, Move("skip")).place.screen == "rest"


def test_going_on_asks_all_remaining_questions():
    rest = advance(evening_place(Place(), QUESTIONS), QUESTIONS, Move("give", 350)).place
    questions = (replace(QUESTIONS[0], answer=Ratio(350, 400)), *QUESTIONS[1:])
    on = advance(rest, questions, Move("resume")).place
    assert (on.code, on.alone) == ("B", False)
    assert advance(on, questions, Move("yes")).place.code == "C"


def test_after_the_evening_a_number_answers_nothing_and_a_correction_returns():
    rest = advance(evening_place(Place(), QUESTIONS), QUESTIONS, Move("give", 350)).place
    questions = (replace(QUESTIONS[0], answer=Ratio(350, 400)), *QUESTIONS[1:])
    assert advance(rest, questions, Move("give", 7)).changes == ()
    corrected = advance(rest, questions, Move("edit", number=1, then=Move("give", 360)))
    assert corrected.changes
    assert corrected.place.screen == "rest"
    undone = advance(rest, questions, Move("undo"), "A").place
    assert (undone.screen, undone.code, undone.alone) == ("ask", "A", True)
    assert advance(rest, questions, Move("done")).place == Place("summary")
    assert advance(rest, questions, Move("cancel")).place == rest


MOVES = st.one_of(
    st.builds(
        Move, st.just("give"),
        st.one_of(st.integers(0, 400), st.builds(YesNo, st.booleans())),
        st.booleans(),
    ),
    st.builds(Move, st.sampled_from(
        ("yes", "no", "skip", "unknown", "none", "same", "explain", "more", "fix_total", "evidence",
         "difficulty", "cancel", "unclear", "help"))),
)  # fmt: skip


@given(st.lists(MOVES, max_size=12))
@example([Move("give", 0, clear=False), Move("yes"), Move("difficulty"), Move("cancel")])
def test_no_text_answers_a_second_question_in_one_evening(moves):
    questions = QUESTIONS
    place = evening_place(Place(), questions)
    touched = set()
    for move in moves:
        step = advance(place, questions, move)
        touched |= {change.code for change in step.changes}
        questions, place = after(questions, step), Place.from_json(step.place.to_json())
        assert place == step.place
        assert place.screen in {"rest", "difficulty"} or place.code == "A"
    assert touched <= {"A"}
