"""Where the conversation goes on after a question: back, to the next open one, to the summary."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from criteria.conversation.place import Place, Question

SUMMARY: Final = "summary"
REST: Final = "rest"


def onward(place: Place, questions: Sequence[Question], code: str) -> Place:
    """Where it goes on once `code` is dealt with: back where a correction came from, or on.

    After an evening's one question nothing is asked while others are open.
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
    """Where a correction came from."""
    if place.back_to == REST:
        return Place(REST, later=place.later, alone=True)
    if place.back_to == SUMMARY or find(questions, place.back_to) is None:
        return place.to_summary()
    return replace(place, back_to=None).at(place.back_to or "")


def next_open(place: Place, questions: Sequence[Question], after: str | None) -> Place:
    """The next open question behind `after`, then from the start, the put-off ones last."""
    start = 0 if after is None else index_of(questions, after) + 1
    around = [*questions[start:], *questions[:start]]
    waiting = [q for q in around if q.open and q.code != after and q.code not in place.later]
    again = [q for q in questions if q.open and place.later.count(q.code) == 1 and q.code != after]
    if waiting or again:
        return place.at((waiting or again)[0].code)
    return place.to_summary()


def total_of(place: Place, question: Question) -> int | None:
    """The total to ask over: the reporter's own, else the one that is known."""
    return place.own_total if place.own_total is not None else question.total


def find(questions: Sequence[Question], code: str | None) -> Question | None:
    """The question with this code, if this unit is asked it."""
    return next((q for q in questions if q.code == code), None)


def index_of(questions: Sequence[Question], code: str | None) -> int:
    """The place of the question in the order, 0 for a code that isn't asked."""
    return next((i for i, q in enumerate(questions) if q.code == code), 0)


def evening_place(place: Place, questions: Sequence[Question]) -> Place | None:
    """The question of an evening: the next open one, the put-off ones last; None: none is open."""
    found = [q.code for q in questions if q.open]
    first = next((code for code in found if code not in place.later), None)
    if first is not None:
        return Place("ask", first, later=place.later, alone=True)
    return Place("ask", found[0], alone=True) if found else None
