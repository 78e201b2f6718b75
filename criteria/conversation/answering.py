"""What a move does on the question that is being asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from criteria.answers import CountingMethod, Ratio, Value, YesNo
from criteria.checks import check
from criteria.conversation.moves import Move
from criteria.conversation.onward import onward, total_of
from criteria.conversation.place import Place, Question, Screen
from criteria.conversation.step import Put, Said, Step
from criteria.reading.outcome import All


def _give(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.kind == "yes_no":
        return _give_yes_no(place, questions, question, move)
    return _give_counts(place, questions, question, move)


def _give_yes_no(
    place: Place, questions: Sequence[Question], question: Question, move: Move
) -> Step:
    if not isinstance(move.value, YesNo):
        return _unclear(place, questions, question, replace(move, reason="yes_no_expected"))
    # Against what is being confirmed, "có" can mean "yes, right" as well: it is asked again.
    contradicts = place.screen == "confirm" and move.value != place.pending
    agrees = place.screen == "confirm" and move.value == place.pending
    return _propose(
        place,
        questions,
        question,
        move.value,
        clear=(move.clear or agrees) and not contradicts,
        reason=move.reason,
        asked=agrees,
    )


def _give_counts(
    place: Place, questions: Sequence[Question], question: Question, move: Move
) -> Step:
    value, total = move.value, total_of(place, question)
    if isinstance(value, YesNo):
        return _unclear(place, questions, question, replace(move, reason="number_expected"))
    if isinstance(value, All):
        if total is None:
            return Step(place.at(question.code), says=(Said("total_wanted", question.code),))
        value = Ratio(total, total)
    if isinstance(value, int):
        return _give_one_number(place, questions, question, move, value, total)
    if not isinstance(value, Ratio):
        return _unclear(place, questions, question, move)
    if value.numerator > value.denominator:
        said = Said(
            "part_over_total", question.code, count=value.numerator, total=value.denominator
        )
        return Step(place.at(question.code), says=(said,))
    asked = place.screen == "confirm" and value == place.pending
    nobody = value.denominator == 0 and not move.sure
    return _propose(
        place,
        questions,
        question,
        value,
        clear=(move.clear and not nobody) or asked,
        reason="not_applicable" if nobody else move.reason,
        asked=asked,
        how=move.how or (place.how if asked else None),
    )


def _give_one_number(
    place: Place,
    questions: Sequence[Question],
    question: Question,
    move: Move,
    number: int,
    total: int | None,
) -> Step:
    if place.screen == "fix_total":
        return _new_total(place, question, number)
    if place.screen == "total":
        return _complete(place, questions, question, move, number)
    if number == 0 and question.expected == 0:
        return _propose(
            place, questions, question, Ratio(0, 0), clear=False, reason="not_applicable"
        )
    if total is None:
        pending = replace(place.on("total"), numerator=number, how=move.how)
        if move.clear:
            return Step(pending)
        return Step(pending, says=(Said("read_as", question.code, count=number),))
    if number > total:
        said = Said("part_over_total", question.code, count=number, total=total)
        return Step(place.on("ask"), says=(said,))
    return _give_counts(place, questions, question, replace(move, value=Ratio(number, total)))


def _new_total(place: Place, question: Question, total: int) -> Step:
    if total == 0:
        return Step(place.on("ask"), says=(Said("zero_total", question.code),))
    return Step(
        replace(place.on("ask"), own_total=total),
        says=(Said("total_taken", question.code, total=total),),
    )


def _complete(
    place: Place, questions: Sequence[Question], question: Question, move: Move, total: int
) -> Step:
    numerator = place.numerator or 0
    if numerator > total:
        said = Said("part_over_total", question.code, count=numerator, total=total)
        return Step(place, says=(said,))
    whole = replace(move, value=Ratio(numerator, total), how=move.how or place.how)
    return _give_counts(place, questions, question, whole)


def _propose(
    place: Place,
    questions: Sequence[Question],
    question: Question,
    value: Value,
    *,
    clear: bool,
    reason: str | None = None,
    asked: bool = False,
    how: CountingMethod | None = None,
) -> Step:
    """Store the value, or ask once when there is a doubt about it."""
    doubts = [] if clear else [reason or "reading"]
    if not asked:
        doubts += _doubts(place, question, value)
    if doubts:
        confirm = replace(
            place,
            screen="confirm",
            code=question.code,
            numerator=None,
            pending=value,
            doubts=tuple(doubts),
            how=how,
        )
        return Step(confirm)
    return _store(place, questions, question, value, how)


def _doubts(place: Place, question: Question, value: Value) -> list[str]:
    expected = place.own_total or question.own_total or question.expected
    found = [str(d) for d in check(value, expected, question.last)]
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
    commune_total = None
    if isinstance(value, Ratio) and question.commune_total not in {None, value.denominator}:
        commune_total = question.commune_total
    put = Put(question.code, value, commune_total, how)
    said = Said("noted" if value is not None else "noted_unknown", question.code, value)
    if commune_total is not None:
        said = Said("noted_total", question.code, value, total=commune_total)
    answered = [_answered(q, value) if q.code == question.code else q for q in questions]
    later = tuple(code for code in place.later if code != question.code)
    return Step(onward(replace(place, later=later), answered, question.code), (put,), (said,))


def _answered(question: Question, value: Value | None) -> Question:
    return replace(question, answer=value, unknown=value is None, returned=False)


def _kept(place: Place, questions: Sequence[Question], question: Question) -> Step:
    kept = Said("kept", question.code, question.answer)
    return Step(onward(place, questions, question.code), says=(kept,))


def _skip(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.answer is not None and not question.returned:  # nothing to ask again
        return _kept(place, questions, question)
    put_off = replace(place, later=(*place.later, question.code))
    following = onward(put_off, questions, question.code)
    reason = "left_open" if following.screen == "summary" else "later"
    return Step(following, says=(Said(reason, question.code),))


def _unknown(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.by_other and question.answer is not None:  # another member does know
        return _kept(place, questions, question)
    return _store(place, questions, question, None)


def _none(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.kind == "yes_no":
        return Step(place.at(question.code), says=(Said("none_is_for_counts"),))
    return _propose(place, questions, question, Ratio(0, 0), clear=False, reason="not_applicable")


def _same(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    last = question.last
    if last is None:
        return Step(place.at(question.code), says=(Said("nothing_earlier", question.code),))
    if isinstance(last, Ratio):
        total = total_of(place, question)
        total = last.denominator if total is None else total
        if last.numerator > total:
            said = Said("earlier_over_total", question.code, last, total=total)
            return Step(place.at(question.code), says=(said,))
        last = Ratio(last.numerator, total)
    if not move.clear or (question.by_other and question.answer not in {None, last}):
        return _propose(
            place, questions, question, last, clear=move.clear, reason=move.reason, how=move.how
        )
    return _store(place, questions, question, last, move.how)


def _yes(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if place.screen == "confirm" and place.pending is not None:
        if _answered_meanwhile(place, question):
            return Step(replace(place, doubts=(*place.doubts, "others_answer")))
        return _store(place, questions, question, place.pending, place.how)
    if question.kind == "yes_no":
        return _give_yes_no(place, questions, question, replace(move, value=YesNo(yes=True)))
    return _unclear(place, questions, question, move)


def _answered_meanwhile(place: Place, question: Question) -> bool:
    """Whether another member answered after the confirmation was asked, which didn't say so."""
    others = question.by_other and question.answer not in {None, place.pending}
    return others and "others_answer" not in place.doubts


def _no(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if place.screen == "confirm":
        others = "others_answer" in place.doubts
        if question.answer is not None and (place.back_to is not None or others):
            return _kept(place, questions, question)
        return Step(place.on("ask"), says=(Said("again", question.code),))
    if question.kind == "yes_no":
        return _give_yes_no(place, questions, question, replace(move, value=YesNo(yes=False)))
    return _unclear(place, questions, question, move)


def _unclear(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    return Step(place, says=(Said(move.reason or "not_understood", question.code),))


def _keep(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    """What was returned is right as it stands."""
    if question.answer is None:
        return _unclear(place, questions, question, move)
    return _store(place, questions, question, question.answer)


def _fix_total(place: Place, questions: Sequence[Question], question: Question, move: Move) -> Step:
    if question.kind == "yes_no":
        return Step(place.at(question.code), says=(Said("number_not_wanted"),))
    if move.then is not None:
        return _give(place.on("fix_total"), questions, question, move.then)
    return Step(place.on("fix_total"))


def _sub_screen(screen: Screen) -> "_OnQuestion":
    def open_it(
        place: Place, questions: Sequence[Question], question: Question, move: Move
    ) -> Step:
        if screen == "evidence" and not question.wants_evidence:
            return Step(place.at(question.code), says=(Said("no_evidence_wanted"),))
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
    "none": _none,
    "same": _same,
    "keep": _keep,
    "fix_total": _fix_total,
    "explain": _sub_screen("explain"),
    "more": _sub_screen("more"),
    "evidence": _sub_screen("evidence"),
}
