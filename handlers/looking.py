"""Screens that are only read: built on a reader, so that nobody waits for them at the writer.

`look` builds one from a state of the database that holds all that was committed before. `finish`
then marks the update done at the writer and keeps what was shown. Where the person's roles have
changed in between, or the update is done already, `finish` decides as `entry.handle` does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers import beside, entry, stepping
from handlers.channel import Incoming, Reply, Screen
from handlers.history.screens import history_command, history_press
from handlers.house import House
from handlers.presses import Press, unpack
from handlers.status import (
    export_command,
    status_command,
    status_press,
    suppose_command,
    why_command,
)
from handlers.steps import Next
from handlers.texts import texts_of
from handlers.turn import Turn
from storage import inbox, people
from storage.people import Membership, Person

_COMMANDS: dict[str, Callable[[Turn, str], Reply]] = {
    "tinhhinh": status_command,
    "status": status_command,
    "visao": why_command,
    "why": why_command,
    "neu": suppose_command,
    "whatif": suppose_command,
    "xuat": export_command,
    "export": export_command,
    "lichsu": history_command,
    "history": history_command,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A screen for somebody with these roles: as a reply, or as a step still to be kept."""

    person: Person
    memberships: tuple[Membership, ...]
    seen: Reply | tuple[Next, Screen]


def reads(incoming: Incoming) -> bool:
    """Whether it asks for a screen that is only read, for all that its form says."""
    if incoming.kind == "press":
        press = unpack(incoming.data)
        return press is not None and (_is_status(press) or stepping.is_view(press))
    return incoming.kind == "text" and _command(incoming.text) is not None


def look(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Looked | None:
    """Build the screen; None when there is more to do than to show one. Changes nothing."""
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if person is None or person.unreachable_since is not None:
        return None
    turn = _turn(tx, incoming, person, now, house)
    seen = _command_seen(turn) if incoming.kind == "text" else _press_seen(turn)
    return Looked(person, turn.memberships, seen) if seen is not None else None


def finish(
    tx: Connection, incoming: Incoming, looked: Looked, now: datetime, house: House
) -> Reply:
    """Mark the update done and keep what is shown; gives that."""
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if person != looked.person:
        return entry.handle(tx, incoming, now, house)
    turn = _turn(tx, incoming, person, now, house)
    if turn.memberships != looked.memberships:
        return entry.handle(tx, incoming, now, house)
    if incoming.update_id is not None and not inbox.is_waiting(tx, incoming.update_id):
        return Reply()
    seen = looked.seen
    reply = seen if isinstance(seen, Reply) else stepping.shown(turn, *seen)
    beside.keep(tx, reply, now)
    if incoming.update_id is not None:
        inbox.finish(tx, incoming.update_id)
    return reply


def _turn(tx: Connection, incoming: Incoming, person: Person, now: datetime, house: House) -> Turn:
    memberships = tuple(people.memberships_of(tx, person.id))
    return Turn(tx, now, house, incoming, person, memberships, texts_of(person.language))


def _is_status(press: Press) -> bool:
    return press.action == "st" or press.action[:2] in {"s.", "h."}


def _press_seen(turn: Turn) -> Reply | tuple[Next, Screen] | None:
    press = unpack(turn.incoming.data)
    if press is None:
        return None
    if press.action == "st":
        return status_command(turn, "")
    if press.action.startswith("s."):
        return status_press(turn, press)
    if press.action.startswith("h."):
        return history_press(turn, press)
    return stepping.looked_at(turn, press)


def _command_seen(turn: Turn) -> Reply | None:
    found = _command(turn.incoming.text)
    return found[0](turn, found[1]) if found is not None else None


def _command(text: str) -> tuple[Callable[[Turn, str], Reply], str] | None:
    """What a command that only reads shows, with its argument; None for any other text."""
    text = text.strip()
    if not text.startswith("/"):
        return None
    name, _, argument = text[1:].partition(" ")
    show = _COMMANDS.get(name.partition("@")[0].lower())
    return (show, argument.strip()) if show is not None else None
