"""Entering the board: a link and a code of six digits, both shown by the bot and good for minutes.

The code is typed on the computer, never the other way round: a code from a stranger's screen that
is sent to the bot would let the stranger in.
"""

import secrets
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from handlers.flow.arguments import one_among
from handlers.flow.channel import Screen
from handlers.flow.commands import phrase, says
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import Page, to
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY, READER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import Answer, Notification, sentence
from storage.people import board_sessions
from storage.people.board_sessions import Session

ENTER = "/enter/"  # below the public address, before a link's secret
LINK_BYTES = 24
CODE_DIGITS = 6
_TRIES = 8  # to find a code that nobody else has


def _open(context: Context) -> list[Session]:
    return board_sessions.open_sessions(context.tx, context.person.id, context.now)


@screen("u.in", right=READER)
def wait(context: Context) -> Screen:
    """Show what to do with the link and the code."""
    return Page(context).say("board.hint").button("board.button.again", new.at()).home().screen()


@action("u.new", right=READER)
def new(context: Context) -> Next | None:
    """Make a new link and code; earlier ones become invalid."""
    if context.deployment.board_url is None:
        return None
    link, code = give_ticket(context.tx, context.person.id, context.deployment, context.now)
    address = context.deployment.board_url.partition("://")[2]
    shown = f"{code[:3]} {code[3:]}"
    return Next(
        wait.at(), context.texts.say("board.ticket", address=address, code=shown, link=link)
    )


def give_ticket(
    tx: Connection, person_id: int, deployment: Deployment, now: datetime
) -> tuple[str, str]:
    """A link and a code for this person."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    keyed = deployment.short_codes.board_hash
    for _ in range(_TRIES):
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        if board_sessions.add_ticket(tx, person_id, keyed(secret), keyed(code), now):
            return f"{deployment.board_url}{ENTER}{secret}", code
    raise LookupError("no code of six digits is free")


def opened(context: Context, cookie: str, browser: str) -> None:
    """Open a session for somebody who has come in, and tell them in the chat."""
    tx, now, zone = context.tx, context.now, context.deployment.zone
    keyed = context.deployment.short_codes.board_hash(cookie)
    number = board_sessions.open_session(tx, context.person.id, keyed, browser, now)
    said = sentence(
        "board.opened", zone, ("board.button.close_it", "u.end", number),
        browser=browser, when=lambda texts: texts.time(now, zone),
    )  # fmt: skip
    Notification(said, Answer).put_in(tx, [context.person], now, zone)


@action("u.end", right=EVERYBODY)
def close(
    context: Context, session: Annotated[Session, one_among(lambda it: _open(it.context))]
) -> Next:
    """End a session from the chat."""
    board_sessions.end(context.tx, [session.id])
    return Next(to("y.data"), context.texts.say("board.closed", browser=session.browser))


@phrase()
def named(context: Context, text: str) -> Press | None:
    """Open the same by a typed phrase: "mở trên máy tính"."""
    there = context.deployment.board_url is not None and READER.holds(context)
    return new.at() if there and says(context, text, "words.board") else None
