"""Entering the board: a link and a code of six digits, both shown by the bot and good for minutes.

The code is typed on the computer, never the other way round: a code from a stranger's screen that
is sent to the bot would let the stranger in.
"""

import secrets

from sqlalchemy import Connection

from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.next import Next
from handlers.flow.page import Page, to
from handlers.flow.phrases import phrase, says
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY, READER
from handlers.flow.routes import GONE, Arguments, Loading, NoArguments, action, argument, screen
from handlers.flow.channel import Screen
from handlers.messages.notifications import Answer, Notification, sentence
from storage import board_sessions, people
from storage.board_sessions import Session

ENTER = "/enter/"  # below the public address, before a link's secret
LINK_BYTES = 24
CODE_DIGITS = 6
_TRIES = 8  # to find a code that nobody else has


def _own_session(loading: Loading) -> object:
    """An argument: what the person has open."""
    context = loading.context
    found = board_sessions.open_sessions(context.tx, context.person.id, context.now)
    return next((one for one in found if one.id == loading.number), GONE)


class _OfSession(Arguments):
    session: Session = argument(_own_session)


def may_enter(context: Context) -> bool:
    """Whether there is a board, and this person reads something there."""
    return context.deployment.board_url is not None and READER.holds(context)


@screen("u.in", NoArguments, right=READER)
def wait(context: Context, at: NoArguments) -> Screen:
    """What to do with link and code."""
    return Page(context).say("board.hint").button("board.button.again", new.at()).home().screen()


@action("u.new", NoArguments, right=READER)
def new(context: Context, at: NoArguments) -> Next | None:
    """A new link and code; earlier ones open nothing any more."""
    if context.deployment.board_url is None:
        return None
    link, code = give_ticket(context, context.deployment.board_url)
    address = context.deployment.board_url.partition("://")[2]
    shown = f"{code[:3]} {code[3:]}"
    return Next(
        wait.at(), context.texts.say("board.ticket", address=address, code=shown, link=link)
    )


def give_ticket(context: Context, board_url: str) -> tuple[str, str]:
    """A link and a code for this person."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    keyed = context.deployment.short_codes.board_hash
    for _ in range(_TRIES):
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        given = board_sessions.add_ticket(
            context.tx, context.person.id, keyed(secret), keyed(code), context.now
        )
        if given:
            return f"{board_url}{ENTER}{secret}", code
    raise LookupError("no code of six digits is free")


def opened(
    tx: Connection, context: Context, cookie: str, browser: str, deployment: Deployment
) -> None:
    """Open a session for somebody who has come in, and tell them in the chat."""
    keyed = deployment.short_codes.board_hash(cookie)
    person, now = context.person, context.now
    board_sessions.open_session(tx, person.id, keyed, browser, now)
    newest = board_sessions.open_sessions(tx, person.id, now)[-1]
    said = sentence(
        "board.opened", deployment.zone, ("board.button.close_it", "u.end", newest.id),
        browser=browser, when=lambda texts: texts.time(now, deployment.zone),
    )  # fmt: skip
    message = Notification(said, Answer)
    message.put_in(tx, people.people_by_ids(tx, [person.id]), now, deployment.zone)


@action("u.end", _OfSession, right=EVERYBODY)
def close(context: Context, at: _OfSession) -> Next:
    """End a session from the chat."""
    board_sessions.end(context.tx, [at.session.id])
    return Next(to("y.data"), context.texts.say("board.closed", browser=at.session.browser))


@phrase()
def named(context: Context, text: str) -> Press | None:
    """The same in words: "mở trên máy tính"."""
    return new.at() if may_enter(context) and says(context, text, "words.board") else None
