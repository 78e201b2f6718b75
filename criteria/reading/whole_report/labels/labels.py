"""Finding all labels of a message."""

from itertools import pairwise

from criteria.reading.whole_report.labels.label import Label
from criteria.reading.whole_report.labels.listed import (
    bare,
    begins_a_piece,
    follows_an_answer,
    goes_on,
    is_marked_alike,
    is_one_more,
    listed,
    several,
)
from criteria.reading.whole_report.labels.numbered import coded, numbered
from criteria.reading.whole_report.message import TypedReport


def labels_in(message: TypedReport, end: int) -> list[Label]:
    """Return the labels up to the token `end`, in order.

    A mark that may be part of a figure counts only if other marks prove it. A single bare number
    ("3 có") does not count.
    """
    found: list[Label] = []
    at = 0
    while at < end:
        label = numbered(message, at) or coded(message, at) or _list_label(message, at, found)
        if label is not None:
            found.append(label)
        at = label.end if label else at + 1
    found = [one for one in _proven(message, found) if one.end <= end]
    return [] if len(found) == 1 and found[0].way == "bare" else found


def _list_label(message: TypedReport, at: int, found: list[Label]) -> Label | None:
    last = found[-1] if found else None
    if last and last.end == at and (last.closed or last.way != "list"):
        return None
    if is_one_more(message, at) and not is_marked_alike(message, at, found):
        return None
    if begins_a_piece(message, at, found):
        return several(message, at) or listed(message, at) or bare(message, at, found, begins=True)
    if last is not None and goes_on(message, at, last):
        return listed(message, at)
    if follows_an_answer(message, at, found):
        return listed(message, at) or several(message, at) or bare(message, at, found, begins=False)
    return None


def _proven(message: TypedReport, found: list[Label]) -> list[Label]:
    """Remove marks that may be figures ("5.9"), unless the same sign is a mark elsewhere.

    "5/9" is never a mark: people who write "1/ 350" also write shares.
    """
    sure = {one.sign for one in found if one.way == "list" and one.proven} - {"/"}
    doubtful = [one for one in found if not one.proven]
    for sign in {one.sign for one in doubtful} - sure - {"/"}:
        numbers = [one.questions[0] for one in doubtful if one.sign == sign]
        rising = len(numbers) > 1 and all(a < b for a, b in pairwise(numbers))
        if rising and all(message.book.kind(number) for number in numbers):
            sure.add(sign)
    return [one for one in found if one.proven or one.sign in sure]
