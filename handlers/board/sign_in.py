"""Signing in to the board by a link or a code of six digits, both shown by the bot for minutes.

The code is typed on the computer, never in the chat: a person who sends the bot a code from a
stranger's screen would let the stranger in.
"""

import secrets
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from handlers.flow.arguments import one_among
from handlers.flow.channel import Screen
from handlers.flow.commands import is_phrase, phrase
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY, READER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import Notification, ReplyNotification, sentence
from storage.people import board_sessions
from storage.people.board_sessions import Session

ENTER = "/enter/"  # below the public address, before a link's secret
LINK_BYTES = 24
CODE_DIGITS = 6
_TRIES = 8  # to find an unused code


def _open_sessions(context: Context) -> list[Session]:
    return board_sessions.open_sessions(context.tx, context.person.id, context.now)


@screen("u.in", right=READER)
def wait(context: Context) -> Screen:
    """Explain how to use the link and the code."""
    return (
        ScreenBuilder(context)
        .say("board.hint")
        .button("board.button.again", new.at())
        .home()
        .screen()
    )


@action("u.new", right=READER)
def new(context: Context) -> Next | None:
    """Make and show a new link and code; earlier ones become invalid."""
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
    """Return a new link and code for this person; raise LookupError if no code is unused."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    keyed = deployment.short_codes.board_hash
    for _ in range(_TRIES):
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        if board_sessions.add_ticket(tx, person_id, keyed(secret), keyed(code), now):
            return f"{deployment.board_url}{ENTER}{secret}", code
    raise LookupError("no unused code of six digits was found")


def open_session(context: Context, cookie: str, browser: str) -> None:
    """Open a session for the person who signed in, and notify them in the chat."""
    tx, now, zone = context.tx, context.now, context.deployment.zone
    keyed = context.deployment.short_codes.board_hash(cookie)
    number = board_sessions.open_session(tx, context.person.id, keyed, browser, now)
    message = sentence(
        "board.opened", zone, ("board.button.close_it", "u.end", number),
        browser=browser, when=lambda texts: texts.time(now, zone),
    )  # fmt: skip
    Notification(message, ReplyNotification).put_in(tx, [context.person], now, zone)


@action("u.end", right=EVERYBODY)
def close(
    context: Context, session: Annotated[Session, one_among(lambda it: _open_sessions(it.context))]
) -> Next:
    """End a session of the board from the chat."""
    board_sessions.end(context.tx, [session.id])
    return Next(to("y.data"), context.texts.say("board.closed", browser=session.browser))


@phrase()
def named(context: Context, text: str) -> Press | None:
    """Return the address of `new` for the typed phrase "mở trên máy tính"."""
    allowed = context.deployment.board_url is not None and READER.holds(context)
    return new.at() if allowed and is_phrase(context, text, "words.board") else None
