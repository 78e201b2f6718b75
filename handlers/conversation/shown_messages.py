"""Storing a shown message: its id under its purpose, and what it asks."""

from datetime import datetime

from sqlalchemy import Connection

from handlers.flow.asked_screen import AskedScreen, buttons_of, of_step
from handlers.flow.channel import Screen, Shown
from handlers.flow.press import Press, pack, unpack
from storage.conversations import asks
from storage.conversations.conversations import remember_shown
from storage.messages.outbox import Outgoing

QUESTION = "question"  # the purpose of the message with a report's open question


def store_shown(
    tx: Connection,
    person_id: int,
    bot: str,
    shown: Shown,
    message: str,
    at: datetime,
    *,
    replaced: bool,
) -> None:
    """Store that a screen of a reply was shown in the bot's chat at that time."""
    if shown.purpose is not None:
        remember_shown(tx, person_id, bot, shown.purpose, message, shown.revision)
    if shown.asks is not None:
        asks.record(tx, person_id, bot, message, shown.asks, at, replaced=replaced)


def store_delivered(tx: Connection, row: Outgoing, message: str, at: datetime) -> None:
    """Store that a message of the outbox was delivered; it can be an open question, too."""
    bot = row.bot or ""
    if row.revision is not None:
        remember_shown(tx, row.person_id, bot, QUESTION, message, row.revision)
    content = row.asks
    if content is None:
        screen = asked_by_itself(Screen.from_json(row.payload))
        content = screen.to_json() if screen is not None else None
    if content is not None:
        asks.record(tx, row.person_id, bot, message, content, at, replaced=False)


def asked_by_itself(screen: Screen) -> AskedScreen | None:
    """Return what a message of the outbox asks: a correction, a return, or a roster's plan."""
    buttons = buttons_of(screen)
    for one in buttons:
        press = unpack(one.data) or Press("")
        if press.action == "obyes":
            return AskedScreen(
                takes=frozenset({"agreement"}),
                buttons=buttons,
                report=press.number(0),
                code=press.text(2) or None,
                screen="office",
            )
        if press.action == "redo":
            return AskedScreen(
                takes=frozenset({"number", "yes_no", "agreement"}),
                buttons=buttons,
                report=press.number(0),
                screen="returned",
            )
        if press.action == "b.apply":
            return of_step(pack("b.look", press.text(0)), (), screen, sentence=False)
    return None
