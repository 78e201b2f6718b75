"""The place after a question: where a correction began, the next open question, or the summary."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from criteria.conversation.place import Place, Question

SUMMARY: Final = "summary"
REST: Final = "rest"


def place_after(place: Place, questions: Sequence[Question], code: str) -> Place:
    """Return the place after question `code`: back to where a correction began, or forward.

    In an evening with one question (`alone`) nothing more is asked while other questions are open.
    """
    if place.back_to is not None:
        return go_back(place, questions)
    waiting = [one for one in place.waiting if one.code != code and find(questions, one.code)]
    if waiting:
        return place.at_waiting(waiting[0])
    if place.alone and any(q.open for q in questions):
        return Place(REST, later=place.later, alone=True)
    return next_open(place, questions, after=code)


def go_back(place: Place, questions: Sequence[Question]) -> Place:
    """Return the place where a correction began."""
    if place.back_to == REST:
        return Place(REST, later=place.later, alone=True)
    if place.back_to == SUMMARY or find(questions, place.back_to) is None:
        return place.to_summary()
    return replace(place, back_to=None).at(place.back_to or "")


def next_open(place: Place, questions: Sequence[Question], after: str | None) -> Place:
    """Return the place of the next open question after `after`, in a cycle; skipped ones come last.

    Return the summary when no question is open.
    """
    start = 0 if after is None else index_of(questions, after) + 1
    around = [*questions[start:], *questions[:start]]
    waiting = [q for q in around if q.open and q.code != after and q.code not in place.later]
    again = [q for q in questions if q.open and place.later.count(q.code) == 1 and q.code != after]
    if waiting or again:
        return place.at((waiting or again)[0].code)
    return place.to_summary()


def total_of(place: Place, question: Question) -> int | None:
    """Return the total for the question: the reporter's own, else the known one, else None."""
    return place.own_total if place.own_total is not None else question.total


def find(questions: Sequence[Question], code: str | None) -> Question | None:
    """Return the question with this code, or None if this unit is not asked it."""
    return next((q for q in questions if q.code == code), None)


def index_of(questions: Sequence[Question], code: str | None) -> int:
    """Return the position of the question (from 0), or 0 for a code that is not asked."""
    return next((i for i, q in enumerate(questions) if q.code == code), 0)


def evening_place(place: Place, questions: Sequence[Question]) -> Place | None:
    """Return the place of the next open question, skipped ones last; None if none is open."""
    found = [q.code for q in questions if q.open]
    first = next((code for code in found if code not in place.later), None)
    if first is not None:
        return Place("ask", first, later=place.later, alone=True)
    return Place("ask", found[0], alone=True) if found else None
