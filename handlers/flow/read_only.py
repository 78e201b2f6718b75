"""Screens that are only read: built on a reader, so that nobody waits for them at the writer.

`look` builds one from a state of the database that holds all that was committed before. `finish`
then marks the update done at the writer and keeps what was shown. Where the person's roles have
changed in between, or the update is done already, `finish` decides as `dispatch.handle` does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.flow import actions, commands, dispatch, stepping
from handlers.flow.channel import Incoming, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.press import Press, unpack
from handlers.flow.steps import Next
from handlers.texts import texts_of
from storage import inbox, people
from storage.people import Membership, Person

_COMMANDS = frozenset(
    {
        *("tinhhinh", "status", "visao", "why", "neu", "whatif"),
        *("xuat", "export", "lichsu", "history"),
    }
)


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A screen for somebody with these roles: as a reply, or as a step still to be kept."""

    person: Person
    memberships: tuple[Membership, ...]
    seen: Reply | tuple[Next, Screen]


def reads(incoming: Incoming) -> bool:
    """Whether it asks for a screen that is only read, for all that its form says."""
    if incoming.kind == "press":
        press = unpack(incoming.data)
        return press is not None and (_is_status(press) or stepping.is_view(press))
    return incoming.kind == "text" and _is_command(incoming.text)


def look(
    tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment
) -> ReadScreen | None:
    """Build the screen; None when there is more to do than to show one. Changes nothing."""
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if person is None or person.unreachable_since is not None:
        return None
    context = _turn(tx, incoming, person, now, deployment)
    seen = _seen(context)
    return ReadScreen(person, context.memberships, seen) if seen is not None else None


def finish(
    tx: Connection, incoming: Incoming, looked: ReadScreen, now: datetime, deployment: Deployment
) -> Reply:
    """Mark the update done and keep what is shown; gives that."""
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if person != looked.person:
        return dispatch.handle(tx, incoming, now, deployment)
    context = _turn(tx, incoming, person, now, deployment)
    if context.memberships != looked.memberships:
        return dispatch.handle(tx, incoming, now, deployment)
    if incoming.update_id is not None and not inbox.is_waiting(tx, incoming.update_id):
        return Reply()
    seen = looked.seen
    if isinstance(seen, Reply):
        return dispatch.finish(tx, incoming, seen, now)
    following, screen = seen
    # What was said on the way stands with the screen before, which the reader may not have seen.
    if stepping.said(context, following.press) != following.said:
        return dispatch.handle(tx, incoming, now, deployment)
    return dispatch.finish(tx, incoming, stepping.shown(context, following, screen), now)


def _turn(
    tx: Connection, incoming: Incoming, person: Person, now: datetime, deployment: Deployment
) -> Context:
    memberships = tuple(people.memberships_of(tx, person.id))
    return Context(tx, now, deployment, incoming, person, memberships, texts_of(person.language))


def _is_status(press: Press) -> bool:
    return press.action == "st" or press.action[:2] in {"s.", "h."}


def _is_command(text: str) -> bool:
    name = text.strip().partition(" ")[0].partition("@")[0]
    return name.startswith("/") and name[1:].lower() in _COMMANDS


def _seen(context: Context) -> Reply | tuple[Next, Screen] | None:
    if context.incoming.kind == "text":
        return commands.run(context, context.incoming.text.strip())
    press = unpack(context.incoming.data)
    if press is None:
        return None
    return actions.act(context, press) if _is_status(press) else stepping.looked_at(context, press)
