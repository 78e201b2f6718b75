"""What /vuongmac opens for each role."""

from handlers.channel import Reply
from handlers.difficulties import raising
from handlers.reporting import filling
from handlers.reporting.desk import Desk
from handlers.steps import Next, to
from handlers.turn import Turn


def first_step(turn: Turn, desk: Desk | None, text: str) -> Next | Reply | None:
    """About the question that is open, else in general; None: as the word itself.

    To the office it is first the list, also while a question of a report lies open.
    """
    listed = not text and not turn.areas and len(turn.communes_read) == 1
    asked = desk is not None and desk.writable and desk.question(desk.place.code) is not None
    if desk is not None and asked and not listed:
        return filling.take_difficulty(turn, desk, text) if text else None
    if turn.areas or text:
        return raising.begin(turn, text)
    if len(turn.communes_read) == 1:
        return Next(to("d.list", turn.communes_read[0]))
    if not raising.own_units(turn) and turn.operator:
        return Next(to("o.diff"))
    return raising.begin(turn)
