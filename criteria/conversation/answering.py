"""What each move does at the present question."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from criteria.answers import CountingMethod, Value
from criteria.conversation.moves import Move
from criteria.conversation.next_question import place_after
from criteria.conversation.place import Place, Question, Screen
from criteria.conversation.step import Feedback, Put, Step
from criteria.kinds.base import Proposal, kind_of, kind_of_value


def _give(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    given = kind_of(question.kind).give(place, question, move)
    return _store_or_confirm(place, questions, question, given)


def _store_or_confirm(
    place: Place, questions: Sequence[Question], question: Question, given: Proposal | Step
) -> Step:
    """Store the proposed answer, or ask for a confirmation when there is a doubt about it."""
    if isinstance(given, Step):
        return given
    doubts = [] if given.clear else [given.reason or "reading"]
    if not given.asked:
        doubts += _doubts(place, question, given.value)
    if doubts:
        confirm = replace(
            place,
            screen="confirm",
            code=question.code,
            numerator=None,
            pending=given.value,
            doubts=tuple(doubts),
            over=question.answer if question.by_other else None,
            how=given.how,
        )
        return Step(confirm)
    return _store(place, questions, question, given.value, given.how)


def _doubts(place: Place, question: Question, value: Value) -> list[str]:
    expected = place.own_total or question.own_total or question.expected
    doubts = kind_of_value(value).doubts(value, expected, question.last)
    found = [str(doubt) for doubt in doubts]
    if question.by_other and question.answer is not None and question.answer != value:
        found.append("others_answer")
    return found


def _store(
    place: Place,
    questions: Sequence[Question],
    question: Question,
    value: Value | None,
    how: CountingMethod | None = None,
) -> Step:
    total = kind_of_value(value).total(value) if value is not None else None
    differs = total is not None and total != question.commune_total
    commune_total = question.commune_total if differs else None
    put = Put(question.code, value, commune_total, how)
    noted = Feedback("noted" if value is not None else "noted_unknown", question.code, value)
    if commune_total is not None:
        noted = Feedback("noted_total", question.code, value, total=commune_total)
    answered = [_answered(q, value) if q.code == question.code else q for q in questions]
    later = tuple(code for code in place.later if code != question.code)
    return Step(place_after(replace(place, later=later), answered, question.code), (put,), (noted,))


def _answered(question: Question, value: Value | None) -> Question:
    """Return the question with this answer."""
    return replace(question, answer=value, unknown=value is None, returned=False)


def _keep_unchanged(place: Place, questions: Sequence[Question], question: Question) -> Step:
    kept = Feedback("kept", question.code, question.answer)
    return Step(place_after(place, questions, question.code), feedback=(kept,))


def _skip(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.answer is not None and not question.returned:  # nothing to ask again
        return _keep_unchanged(place, questions, question)
    postponed = replace(place, later=(*place.later, question.code))
    following = place_after(postponed, questions, question.code)
    reason = "left_open" if following.screen == "summary" else "later"
    return Step(following, feedback=(Feedback(reason, question.code),))


def _unknown(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.by_other and question.answer is not None:  # another member knows the answer
        return _keep_unchanged(place, questions, question)
    return _store(place, questions, question, None)


def _not_applicable(
    place: Place, questions: Sequence[Question], question: Question, move: Move
) -> Step:
    given = kind_of(question.kind).not_applicable(place, question)
    return _store_or_confirm(place, questions, question, given)


def _same(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    last = question.last
    if last is None:
        return Step(place.at(question.code), feedback=(Feedback("nothing_earlier", question.code),))
    kept = kind_of(question.kind).same(place, question, last)
    if isinstance(kept, Step):
        return kept
    if not move.clear or (question.by_other and question.answer not in {None, kept}):
        proposal = Proposal(kept, move.clear, move.reason, how=move.how)
        return _store_or_confirm(place, questions, question, proposal)
    return _store(place, questions, question, kept, move.how)


def _yes(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if place.screen == "confirm" and place.pending is not None:
        if _answered_meanwhile(place, question):
            others = dict.fromkeys((*place.doubts, "others_answer"))
            return Step(replace(place, doubts=tuple(others), over=question.answer))
        return _store(place, questions, question, place.pending, place.how)
    given = kind_of(question.kind).agree(place, question, move, yes=True)
    return _store_or_confirm(place, questions, question, given)


def _answered_meanwhile(place: Place, question: Question) -> bool:
    """Return whether another member has an answer that this confirmation did not show."""
    return question.by_other and question.answer not in {None, place.pending, place.over}


def _no(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if place.screen == "confirm":
        answered_by_other = "others_answer" in place.doubts
        if question.answer is not None and (place.back_to is not None or answered_by_other):
            return _keep_unchanged(place, questions, question)
        return Step(place.on("ask"), feedback=(Feedback("again", question.code),))
    given = kind_of(question.kind).agree(place, question, move, yes=False)
    return _store_or_confirm(place, questions, question, given)


def _unclear(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    return Step(place, feedback=(Feedback(move.reason or "not_understood", question.code),))


def _keep_returned(
    place: Place, questions: Sequence[Question], question: Question, move: Move
) -> Step:
    """Keep a returned answer that is correct without a change."""
    if question.answer is None:
        return _unclear(place, questions, question, move)
    return _store(place, questions, question, question.answer)


def _fix_total(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if not kind_of(question.kind).has_total:
        return Step(place.at(question.code), feedback=(Feedback("number_not_wanted"),))
    if move.then is not None:
        return _give(place.on("fix_total"), questions, question, move.then)
    return Step(place.on("fix_total"))


def _sub_screen(screen: Screen) -> "_OnQuestion":
    def open_it(
        place: Place, questions: Sequence[Question], question: Question, move: Move
    ) -> Step:
        if screen == "evidence" and not question.wants_evidence:
            return Step(place.at(question.code), feedback=(Feedback("no_evidence_wanted"),))
        return Step(place.on(screen))

    return open_it


_OnQuestion = Callable[[Place, Sequence[Question], Question, Move], Step]
ON_QUESTION: dict[str, _OnQuestion] = {
    "give": _give,
    "unclear": _unclear,
    "yes": _yes,
    "no": _no,
    "skip": _skip,
    "unknown": _unknown,
    "none": _not_applicable,
    "same": _same,
    "keep": _keep_returned,
    "fix_total": _fix_total,
    "explain": _sub_screen("explain"),
    "more": _sub_screen("more"),
    "evidence": _sub_screen("evidence"),
}
