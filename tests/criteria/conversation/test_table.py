"""A whole report as a table: what it stores, and what is asked afterwards."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from criteria.conversation import (
    Move,
    Place,
    Put,
    Question,
    Send,
    WholeReport,
    advance,
    keep_table,
    keeps_all,
    merged,
    table_of,
)
from criteria.reading.outcome import All
from criteria.reading.whole_report import ReportAnswer, ReportReading

QUESTIONS = (
    Question("HT1", "ratio", expected=400, commune_total=400, last=Ratio(340, 400)),
    Question("HT2", "ratio"),
    Question("CQ3", "yes_no", last=YesNo(yes=True)),
)
VALUES = st.sampled_from(
    (Ratio(350, 400), Ratio(5, 5), Ratio(9, 4), Ratio(0, 0), 3, 900, All(), YesNo(yes=False))
)
ANSWERS = st.one_of(
    st.builds(lambda value: ("value", value, None), VALUES),
    st.builds(lambda value: ("confirm", value, None), VALUES),
    st.builds(lambda one: ("value", None, one), st.sampled_from(("same", "skip", "unknown"))),
    st.just(("ask", None, None)),
    st.none(),
)
STANDING = st.one_of(st.none(), st.sampled_from((Ratio(300, 400), Ratio(4, 5))))


def report_of(found, rest=None, *, sends=False):
    answers = (
        ReportAnswer(number, outcome, value, standing)
        for number, said in enumerate(found, start=1)
        if said is not None
        for outcome, value, standing in [said]
    )
    return WholeReport(tuple(answers), rest, sends)


def states(lines):
    return [one.state for one in lines]


def test_clear_answers_are_kept_and_the_others_are_asked_one_by_one():
    report = report_of([("value", Ratio(90, 400), None), ("value", 3, None), ("ask", None, None)])
    lines = table_of(Place(), QUESTIONS, report)
    assert states(lines) == ["check", "total", "unclear"]
    step = keep_table(Place(), QUESTIONS, lines, sends=True)
    assert (step.changes, step.place.screen, step.place.code) == ((), "confirm", "HT1")
    step = advance(step.place, QUESTIONS, Move("yes"))
    assert step.changes == (Put("HT1", Ratio(90, 400)),)
    assert (step.place.screen, step.place.numerator) == ("total", 3)
    answered = (replace(QUESTIONS[0], answer=Ratio(90, 400)), *QUESTIONS[1:])
    step = advance(step.place, answered, Move("give", 5))
    assert (step.place.screen, step.place.code) == ("ask", "CQ3")
    answered = (*answered[:1], replace(QUESTIONS[1], answer=Ratio(3, 5)), QUESTIONS[2])
    step = advance(step.place, answered, Move("give", YesNo(yes=True)))
    assert step.changes == (Put("CQ3", YesNo(yes=True)), Send())


def test_going_on_to_the_summary_says_what_is_not_kept():
    report = report_of([("value", Ratio(90, 400), None), ("value", Ratio(3, 5), None), None])
    lines = table_of(Place(), QUESTIONS, report)
    place = keep_table(Place(), QUESTIONS, lines, sends=True).place
    step = advance(place, QUESTIONS, Move("skip"))
    assert "not_kept" in [said.reason for said in step.feedback]
    assert step.place.sends


def test_overwriting_another_members_answer_is_asked_about():
    other = replace(QUESTIONS[0], answer=Ratio(345, 400), by_other=True)
    report = report_of([("value", Ratio(350, 400), None), None, None])
    (line, *_) = table_of(Place(), (other, *QUESTIONS[1:]), report)
    assert (line.state, line.reason, line.before) == ("check", "others_answer", Ratio(345, 400))
    asked = keep_table(Place(), (other, *QUESTIONS[1:]), [line], sends=False).place
    assert advance(asked, (other, *QUESTIONS[1:]), Move("yes")).changes == (
        Put("HT1", Ratio(350, 400)),
    )


def test_an_answer_for_the_rest_fills_only_unanswered_questions():
    mine = replace(QUESTIONS[0], answer=Ratio(350, 400))
    lines = table_of(Place(), (mine, *QUESTIONS[1:]), WholeReport(rest="same"))
    assert states(lines) == ["stands", "unclear", "kept"]
    assert keeps_all(lines)
    changed = WholeReport((ReportAnswer(1, "value", 350),), "same")
    assert not keeps_all(table_of(Place(), QUESTIONS, changed))


def test_an_unmentioned_question_keeps_its_answer_unless_it_is_asked_again():
    there = replace(QUESTIONS[0], answer=Ratio(350, 400))
    again = replace(QUESTIONS[1], answer=Ratio(4, 5), returned=True)
    report = report_of([None, None, None])
    assert states(table_of(Place(), (there, again, QUESTIONS[2]), report)) == [
        "stands", "open", "open",
    ]  # fmt: skip


def test_a_later_message_overrides_an_earlier_one():
    first = ReportReading("report", (ReportAnswer(1, "value", 3), ReportAnswer(2, "ask")), "same")
    second = ReportReading("single", (ReportAnswer(2, "value", 4),), command="send")
    assert merged([first, second]) == WholeReport(
        (ReportAnswer(1, "value", 3), ReportAnswer(2, "value", 4)), "same", sends=True
    )


@given(
    st.tuples(ANSWERS, ANSWERS, ANSWERS),
    st.sampled_from((None, "same", "unknown", "skip")),
    st.booleans(),
    st.tuples(STANDING, STANDING),
    st.booleans(),
)
def test_the_table_keeps_exactly_what_was_said(found, rest, sends, standing, by_other):
    questions = tuple(
        replace(q, answer=answer, by_other=by_other and answer is not None)
        for q, answer in zip(QUESTIONS, (*standing, None), strict=True)
    )
    report = report_of(found, rest, sends=sends)
    lines = table_of(Place(), questions, report)
    step = keep_table(Place(), questions, lines, sends=sends)
    assert Place.from_json(step.place.to_json()) == step.place
    for line, question, said in zip(lines, questions, found, strict=True):
        if line.put is not None:
            assert said is not None or (rest in {"same", "unknown"} and question.answer is None)
            assert not (by_other and question.answer not in {None, line.put.value})
            if isinstance(line.put.value, Ratio):
                assert line.put.value.numerator <= line.put.value.denominator
        if said is not None and said[2] != "skip":
            assert line.state != "open"
    asked = {one.code for one in lines if one.waiting}
    assert ({step.place.code, *(one.code for one in step.place.waiting)} >= asked) or not asked
    if any(isinstance(one, Send) for one in step.changes):
        assert sends
        assert all(line.put or line.before is not None for line in lines)
