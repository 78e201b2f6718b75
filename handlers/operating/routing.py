"""Every "o." button, each with the operator's role checked again."""

from collections.abc import Callable

from handlers.channel import Reply
from handlers.operating import home, inviting, opening, sharing
from handlers.presses import Press
from handlers.turn import Turn
from handlers.waiting import shown

_ACTIONS: dict[str, Callable[[Turn, Press], Reply | None]] = {
    "o.home": lambda turn, _press: home.desk(turn),
    "o.round": opening.name_asked,
    "o.nm": opening.name_pressed,
    "o.dy": opening.day_pressed,
    "o.open": opening.opened,
    "o.inv": inviting.listed,
    "o.inv1": inviting.chosen,
    "o.make": inviting.made,
    "o.diff": sharing.grouped,
    "o.same": sharing.same,
}


def operating_press(turn: Turn, press: Press) -> Reply | None:
    """What a button of the operator's desk does; None for anybody else."""
    action = _ACTIONS.get(press.action)
    return action(turn, press) if action is not None and turn.operator else None


def operating_command(turn: Turn, argument: str) -> Reply:
    """`/dieuhanh`: the desk, or a sentence for who has none."""
    return home.desk(turn) or shown(turn, home.nobody(turn))
