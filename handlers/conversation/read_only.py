"""Screens that are only read: a reader of the database builds them, so that the writer is free.

`look` builds a screen from a snapshot that contains everything committed before. `finish` then
marks the update done at the writer and stores what was shown. If the person's roles have changed
in between, `finish` handles the update again as `dispatch.handle` does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.conversation import commands, dispatch
from handlers.flow import navigation
from handlers.flow.channel import Incoming, Reply
from handlers.flow.context import Context, context_of
from handlers.flow.deployment import Deployment
from handlers.flow.navigation import ReadScreen
from handlers.flow.press import unpack
from handlers.flow.routes import route_of
from storage.people import people
from storage.people.people import Membership, Person


@dataclass(frozen=True, slots=True)
class ReadOnlyResult:
    """The result for a person with these roles: a reply, or a screen that is not stored yet."""

    person: Person
    memberships: tuple[Membership, ...]
    seen: Reply | ReadScreen


def reads(incoming: Incoming) -> bool:
    """Return whether an update asks for a screen that is only read, as far as its form shows."""
    if incoming.kind == "press":
        press = unpack(incoming.data)
        return press is not None and route_of(press).only_reads
    command = commands.command_of(incoming.text.strip()) if incoming.kind == "text" else None
    return command is not None and command.reads


def look(
    tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment
) -> ReadOnlyResult | None:
    """Build the screen without changing anything; None if the update needs more than that."""
    found = people.find_with_roles(tx, incoming.sender.bot, incoming.sender.address)
    if found is None:
        return None
    person, roles = found
    if person.unreachable_since is not None or not person.in_use:
        return None
    context = context_of(tx, incoming, person, roles, now, deployment)
    seen = _seen(context)
    return ReadOnlyResult(person, context.memberships, seen) if seen is not None else None


def finish(
    tx: Connection, incoming: Incoming, found: ReadOnlyResult, now: datetime, deployment: Deployment
) -> Reply:
    """Mark the update done, store what is shown, and return the reply."""
    present = people.find_with_roles(tx, incoming.sender.bot, incoming.sender.address)
    if present is None or present != (found.person, found.memberships):
        return dispatch.handle(tx, incoming, now, deployment)
    context = context_of(tx, incoming, *present, now, deployment)
    numbered = dispatch.begin(tx, incoming)
    if numbered is None:
        return Reply()
    seen = found.seen
    if isinstance(seen, Reply):
        return dispatch.finish(tx, numbered, seen, now)
    # The texts typed before are stored with the last screen, which may be newer than the snapshot.
    if navigation.typed_before(context, seen.next.press) != seen.next.typed:
        return dispatch.decide(tx, numbered, now, deployment)
    return dispatch.finish(tx, numbered, navigation.finish_reading(context, seen), now)


def _seen(context: Context) -> Reply | ReadScreen | None:
    if context.incoming.kind == "text":
        return commands.run(context, context.incoming.text.strip())
    press = unpack(context.incoming.data)
    return navigation.read(context, press) if press is not None else None
