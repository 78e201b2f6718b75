"""From presses and typed texts to managing screens; every one checks the right again by itself."""

from dataclasses import replace

from criteria.conversation import Place
from handlers import home
from handlers.channel import Button, Reply, Screen, Shown
from handlers.managing import (
    handing,
    hub,
    invitations,
    inviting,
    leaving,
    opening,
    people,
    reopening,
    rounds,
    scheduling,
)
from handlers.managing.steps import Deed, Next, Said, Take, View, data_of, to
from handlers.presses import Press, unpack
from handlers.texts import plain
from handlers.turn import Turn
from handlers.waiting import await_text, awaited, stop_waiting
from storage import conversations
from storage import people as people_kept

AWAITS = "manage"
_PREFIX = "m."
_MODULES = (
    hub, people, handing, invitations, inviting, rounds, opening, scheduling, reopening, leaving,
)  # fmt: skip
VIEWS: dict[str, View] = {key: one for module in _MODULES for key, one in module.VIEWS.items()}
DEEDS: dict[str, Deed] = {key: one for module in _MODULES for key, one in module.DEEDS.items()}
# Who takes a text that names no button of the screen.
TAKES: dict[str, Take] = {key: one for module in _MODULES for key, one in module.TAKES.items()}
# Screens on which a number is what was asked for, never the number of a button.
_ASKING = opening.ASKING | reopening.ASKING | rounds.ASKING | scheduling.ASKING
_LEAVE = frozenset({"huy", "thoi", "cancel", "bo", "/huy", "/cancel"})
_FREE = frozenset({"home", "summary", "gaps"})  # places where a number is no answer


def manages(press: Press) -> bool:
    """Whether the press belongs here."""
    return press.action.startswith(_PREFIX)


def command(turn: Turn, action: str) -> Reply:
    """A screen by its command; a sentence for whom it isn't."""
    reply = _go(turn, Next(to(action)))
    return reply if reply is not None else home.home(turn, turn.texts.say("manage.not_officer"))


def pressed(turn: Turn, press: Press) -> Reply | None:
    """Show the screen of a press, or do what it says. None: it leads nowhere (any more)."""
    said = _said(turn, press)
    deed = DEEDS.get(press.action)
    if deed is not None:
        following = deed(turn, press, said)
        turn = replace(turn, memberships=tuple(people_kept.memberships_of(turn.tx, turn.person.id)))
    else:
        following = Next(press, said=said)
    reply = _go(turn, following) if following is not None else None
    if reply is None:
        stop_waiting(turn)
    return reply


def typed(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """A text on a managing screen: a button's caption, its number, or what was asked for."""
    press, said = unpack(awaiting[1]), awaiting[2:]
    screen = _screen(turn, press, said) if press is not None else None
    if press is None or screen is None:
        stop_waiting(turn)
        return None
    text = turn.incoming.text.strip()
    chosen = _chosen(turn, press, screen, text)
    if chosen is not None:
        if manages(chosen):
            return pressed(turn, chosen)
        stop_waiting(turn)
        return home.home(turn) if chosen.action == "home" else None
    take = TAKES.get(press.action)
    following = take(turn, press, said, text) if take is not None else None
    return _go(turn, following) if following is not None else None


def _go(turn: Turn, following: Next) -> Reply | None:
    screen = _screen(turn, following.press, following.said)
    if screen is None:
        return None
    await_text(turn, AWAITS, data_of(following.press), *following.said)
    if following.above is not None:
        screen = Screen(f"{following.above}\n\n{screen.text}", screen.rows)
    message = turn.incoming.message if turn.incoming.kind == "press" else None
    # After a message to be passed on the screen comes below it, and the old one loses its buttons.
    edit, strip = (None, message) if following.first else (message, None)
    commands = home.commands_of(turn) if following.menu else None
    shown = (*following.first, Shown(screen, edit=edit, strip=strip))
    return Reply(shown, commands=commands, person=turn.person.id)


def _screen(turn: Turn, press: Press, said: Said) -> Screen | None:
    view = VIEWS.get(press.action)
    return view(turn, press, said) if view is not None else None


def _said(turn: Turn, press: Press) -> Said:
    """What was said on the way here; nothing when the press belongs to another errand."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    awaiting = awaited(kept)
    before = unpack(awaiting[1]) if awaiting[:1] == (AWAITS,) else None
    if before is None or before.text(0) != press.text(0):
        return ()
    return awaiting[2:] if _errand(before) == _errand(press) else ()


def _errand(press: Press) -> int | None:
    """Which module the press belongs to."""
    places = (i for i, m in enumerate(_MODULES) if press.action in {*m.VIEWS, *m.DEEDS})
    return next(places, None)


def _chosen(turn: Turn, press: Press, screen: Screen, text: str) -> Press | None:
    buttons = [one for row in screen.rows for one in row if one.data]
    wanted = plain(text)
    found = next((one for one in buttons if wanted and plain(one.label) == wanted), None)
    if found is None and wanted in _LEAVE and buttons:
        found = buttons[-1]
    if found is None and press.action not in _ASKING:
        found = _numbered(turn, buttons, text)
    return unpack(found.data or "") if found is not None else None


def _numbered(turn: Turn, buttons: list[Button], text: str) -> Button | None:
    """A button by its number, unless a question of a report is open."""
    if not (len(text) == 1 and text in "123456789" and int(text) <= len(buttons)):
        return None
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    place = Place.from_json(kept.place if kept is not None else None)
    return buttons[int(text) - 1] if place.screen in _FREE else None
