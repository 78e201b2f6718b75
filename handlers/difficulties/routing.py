"""Every "d." button, and what /vuongmac opens for each role."""

from collections.abc import Callable

from handlers.channel import Reply
from handlers.difficulties import raising, reading, settling
from handlers.operating import sharing
from handlers.presses import Press, packed
from handlers.reporting import filling
from handlers.reporting.desk import Desk
from handlers.turn import Turn

_ACTIONS: dict[str, Callable[[Turn, Press], Reply | None]] = {
    "d.new": raising.asked_again,
    "d.pick": raising.picked,
    "d.raised": raising.raised_again,
    "d.photo": raising.photo_asked,
    "d.list": reading.listed,
    "d.one": reading.opened,
    "d.pic": reading.photo,
    "d.ans": settling.answer_asked,
    "d.up": settling.passed_up,
    "d.done": settling.settled,
}


def difficulty_press(turn: Turn, press: Press) -> Reply | None:
    """What a button of a difficulty does; None when it isn't this person's (any more)."""
    action = _ACTIONS.get(press.action)
    return action(turn, press) if action is not None else None


def difficulty_command(turn: Turn, desk: Desk | None, text: str) -> Reply | None:
    """`/vuongmac`: about the question that is open, else in general; None: as the word itself."""
    if desk is not None and desk.writable and desk.question(desk.place.code) is not None:
        return filling.take_difficulty(turn, desk, text) if text else None
    if turn.areas or text:
        return raising.begin(turn, text)
    if len(turn.communes_read) == 1:
        here = packed(turn.communes_read[0])
        return reading.listed(turn, Press("d.list", (here,)))
    if not raising.own_units(turn) and turn.operator:
        return sharing.grouped(turn, Press("o.diff"))
    return raising.begin(turn)
