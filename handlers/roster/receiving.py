"""A roster sent as a file: recorded at once, read after the commit, answered by a message."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from sqlalchemy import Connection

from handlers.flow.channel import Attachment, Incoming, Reply, Screen, Sender
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.messages.notifications import Notification, ReplyNotification
from handlers.roster.cell_values import ProblemText
from handlers.roster.cells import SheetCells, as_json
from handlers.roster.rows import needed
from handlers.roster.screens import dry_run
from handlers.texts import Texts
from storage.people import people
from storage.places import workbooks

LARGEST = 4 * 1024 * 1024  # bytes of a file, and letters of its cells
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Refusal = ProblemText | Literal["not_fetched", "too_large"]


def is_workbook(item: Attachment) -> bool:
    """Return whether a file's name or type is that of a workbook."""
    ending = PurePath(item.name or "").suffix.lower()
    return item.kind == "file" and (ending == ".xlsx" or item.media_type == _TYPE)


def received(context: Context, item: Attachment) -> Reply | None:
    """Record a workbook of an officer or operator; None for other files and other people."""
    if not is_workbook(item) or not (context.office_communes or context.operator):
        return None
    if (item.size or 0) > LARGEST:
        return context.shows(Screen(context.texts.say("workbook.too_large", most=LARGEST >> 20)))
    workbooks.add(context.tx, context.person.id, item.reference, context.now)
    return context.shows(Screen(context.texts.say("workbook.received")))


def store_cells_and_preview(
    tx: Connection, workbook_id: int, cells: str | None, now: datetime, deployment: Deployment
) -> None:
    """Store the cells that were read (`cells_to_keep`), and reply with the planned changes."""
    one = workbooks.workbook(tx, workbook_id)
    person = people.person(tx, one.person_id) if one is not None else None
    if one is None or person is None or person.address is None:
        workbooks.drop(tx, [workbook_id])
        return
    if cells is None:
        refused(tx, workbook_id, "too_large", now, deployment)
        return
    workbooks.store_cells(tx, workbook_id, cells)
    sender = Sender(person.bot or "", person.address, person.name or "", person.handle)
    memberships = tuple(people.memberships_of(tx, person.id))
    texts = deployment.texts(person.language, person.bot)
    incoming = Incoming(sender, "attachment")
    context = Context(tx, now, deployment, incoming, person, memberships, texts)
    arguments = dry_run.load(context, dry_run.at(workbook_id))
    screen = dry_run(context, **arguments) if arguments is not None else None
    if screen is None:  # the role has ended meanwhile
        workbooks.drop(tx, [workbook_id])
        return
    Notification(lambda _: screen, ReplyNotification).put_in(tx, [person], now, deployment.zone)


def cells_to_keep(sheets: Sequence[SheetCells]) -> str | None:
    """Return the cells to store as JSON; None when they are too large. It is slow."""
    cells = json.dumps(as_json(needed(sheets)), ensure_ascii=False)
    return cells if len(cells) <= LARGEST else None


def refused(
    tx: Connection, workbook_id: int, why: Refusal, now: datetime, deployment: Deployment
) -> None:
    """Tell the person why the file can't be read, and delete it."""
    one = workbooks.workbook(tx, workbook_id)
    workbooks.drop(tx, [workbook_id])
    person = people.person(tx, one.person_id) if one is not None else None
    if person is None:
        return

    def screen(texts: Texts) -> Screen:
        if isinstance(why, ProblemText):
            return Screen(texts.say("workbook.unreadable", reason=why.text(texts)))
        return Screen(texts.say(f"workbook.{why}", most=LARGEST >> 20))

    Notification(screen, ReplyNotification).put_in(tx, [person], now, deployment.zone)
