"""The screen beside the question that was shown last: what is typed next may mean its buttons."""

import json

from sqlalchemy import Connection

from criteria.reading import read
from handlers.channel import Button, Reply
from handlers.presses import unpack
from handlers.turn import Turn
from storage import conversations

_PURPOSE = "menu"
# Buttons that only lead from one screen to read to another; a screen with others asks something.
_READING = frozenset({"home", "st", "rep", "off", "help", "m.home", "o.home", "v.list", "d.list"})


def keep(tx: Connection, reply: Reply) -> None:
    """Keep the buttons of the last screen, unless it is the report's own."""
    if reply.person is None or not reply.shown:
        return
    last = reply.shown[-1]
    buttons = [[b.label, b.data] for row in last.screen.rows for b in row if b.data]
    if last.purpose is None and buttons:
        kept = json.dumps(buttons, ensure_ascii=False)
        conversations.remember_shown(tx, reply.person, _PURPOSE, kept, None)
    else:
        conversations.forget_shown(tx, reply.person, _PURPOSE)


def last_menu(turn: Turn) -> tuple[Button, ...]:
    """The buttons of that screen; none when the report's own screen was the last."""
    kept = conversations.shown_message(turn.tx, turn.person.id, _PURPOSE)
    return tuple(Button(label, data) for label, data in json.loads(kept)) if kept else ()


def hides(menu: tuple[Button, ...], text: str) -> bool:
    """Whether the text may be meant for this screen, so that it can't answer the question behind.

    A figure is plainly for the question, unless the screen asks which report it is for.
    """
    if not asks(menu) or read(text, "yes_no").outcome == "command":
        return False
    presses = [unpack(button.data or "") for button in menu]
    if any(p is not None and p.action == "pick" for p in presses):
        return True
    return len(text) == 1 or not any(c.isdigit() for c in text)


def asks(menu: tuple[Button, ...]) -> bool:
    """Whether the screen asks something, rather than being read in passing."""
    presses = [unpack(button.data or "") for button in menu]
    return any(
        p is not None and p.action not in _READING and p.action[:2] not in {"s.", "h."}
        for p in presses
    )
