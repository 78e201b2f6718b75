"""The chat in which a code is typed: it sees with whom it would be joined, and agrees or not.

A chat of nobody known carries the code in its button, and nothing about it is kept before it
agrees; after that for ten minutes, until the person with the code has looked at it.
"""

from datetime import datetime

from sqlalchemy import Connection

from handlers import home
from handlers.flow.channel import Button, Incoming, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.messengers import messenger_name
from handlers.flow.next import Next
from handlers.flow.page import Page
from handlers.flow.press import Press, pack
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import GONE, Arguments, Loading, action, argument, screen
from handlers.joining import full_bot
from handlers.joining.person_names import clean_name
from handlers.linking.wording import side
from handlers.texts import Html, Texts
from storage import linkings, people, short_codes
from storage.linkings import Linking
from storage.people import Person

STRANGER = "k.in"  # the button of a chat of nobody known; it isn't a route
_NO = "n"


def linking_of(tx: Connection, code: str, now: datetime, deployment: Deployment) -> Linking | None:
    """The linking of a typed code that waits for the other chat."""
    short = short_codes.read_code(code)
    if short is None:
        return None
    return linkings.by_code(tx, deployment.short_codes.linking_hash(short), now)


# --- a chat of nobody known -----------------------------------------------------------------------


def ask_stranger(
    tx: Connection, incoming: Incoming, linking: Linking, code: str, now: datetime,
    deployment: Deployment, texts: Texts,
) -> Reply:  # fmt: skip
    """With whom the chat would be joined."""
    person = people.person(tx, linking.person_id)
    bot = incoming.sender.bot
    if person is None:
        return Reply((Shown(Screen(texts.say("join.invalid"))),))
    if linkings.twice_at_a_bot(tx, person.id, None, bot):
        return Reply((Shown(Screen(texts.say("link.same_bot"))),))
    if full_bot.is_full(tx, bot, deployment):
        return _full(tx, incoming, person, now, deployment, texts)
    text = texts.say(
        "link.ask_stranger", messenger=messenger_name(bot, texts), person=side(tx, person, texts)
    )
    rows = (
        (Button(texts.say("link.button.yes"), pack(STRANGER, code)),),
        (Button(texts.say("link.button.no"), pack(STRANGER, code, _NO)),),
    )
    return Reply((Shown(Screen(text, rows)),))


def answer_stranger(
    tx: Connection, incoming: Incoming, linking: Linking, press: Press, now: datetime,
    deployment: Deployment, texts: Texts,
) -> Reply:  # fmt: skip
    """Keep the chat that has agreed until the other side has looked at it; or nothing."""
    edit = incoming.message if incoming.kind == "press" else None
    person = people.person(tx, linking.person_id)
    sender = incoming.sender
    if press.text(1) == _NO or person is None:
        return Reply((Shown(Screen(texts.say("link.declined")), edit=edit),))
    if full_bot.is_full(tx, sender.bot, deployment):
        return _full(tx, incoming, person, now, deployment, texts)
    linkings.agree(
        tx, linking, sender.bot, sender.address, clean_name(sender.name), sender.handle, now
    )
    return Reply((Shown(Screen(_go_back(person.bot, texts)), edit=edit),))


def still_waiting(tx: Connection, incoming: Incoming, now: datetime, texts: Texts) -> Html | None:
    """What a chat that has agreed is told until the other side has, too; None for other chats."""
    sender = incoming.sender
    linking = linkings.agreed_by(tx, sender.bot, sender.address, now)
    person = people.person(tx, linking.person_id) if linking is not None else None
    return _go_back(person.bot, texts) if person is not None else None


def _full(
    tx: Connection, incoming: Incoming, person: Person, now: datetime, deployment: Deployment,
    texts: Texts,
) -> Reply:  # fmt: skip
    held = people.memberships_of(tx, person.id)
    communes = dict.fromkeys(one.commune_id for one in held if one.commune_id is not None)
    bot, edit = incoming.sender.bot, incoming.message if incoming.kind == "press" else None
    full_bot.tell_officers(tx, bot, communes, lambda said: side(tx, person, said), now, deployment)
    text = texts.say(
        "link.full", messenger=messenger_name(bot, texts),
        other=messenger_name(person.bot or "", texts),
    )  # fmt: skip
    return Reply((Shown(Screen(text), edit=edit),))


def _go_back(bot: str | None, texts: Texts) -> Html:
    return texts.say("link.agreed", messenger=messenger_name(bot or "", texts))


# --- a chat of a known person ---------------------------------------------------------------------


def _claimed(loading: Loading) -> object:
    """The linking whose code this person has typed."""
    context = loading.context
    number = loading.number or 0
    return linkings.claimed(context.tx, number, context.person.id, context.now) or GONE


class _Claimed(Arguments):
    linking: Linking = argument(_claimed)


def ask_member(context: Context, linking: Linking) -> Reply | None:
    """A known person has typed a code: with whom they would become one."""
    from handlers.flow import navigation

    if linking.person_id == context.person.id:
        return home.home(context, context.texts.say("link.own_code"))
    if linkings.twice_at_a_bot(context.tx, linking.person_id, context.person.id, context.bot):
        return home.home(context, context.texts.say("link.same_bot"))
    linkings.claim(context.tx, linking.id, context.person.id)
    return navigation.show(context, Next(asked.at(linking.id)))


@screen("k.ask", _Claimed, right=EVERYBODY)
def asked(context: Context, at: _Claimed) -> Screen | None:
    """Both are known: what becomes of the roles, and for how long it can be undone."""
    person = people.person(context.tx, at.linking.person_id)
    if person is None:
        return None
    page = Page(context).say("link.ask_member", person=side(context.tx, person, context.texts))
    page.button("link.button.yes", agree.at(at.linking.id))
    return page.button("link.button.no", agree.at(at.linking.id, key="k.askno")).screen()


@action("k.askyes", _Claimed, right=EVERYBODY, also=("k.askno",))
def agree(context: Context, at: _Claimed) -> Reply:
    """The person agrees, or nothing of it stays."""
    texts = context.texts
    if context.here.action == "k.askno":
        linkings.drop(context.tx, at.linking.id)
        return home.home(context, texts.say("link.declined"), edit=True)
    sender = context.incoming.sender
    person = people.person(context.tx, at.linking.person_id)
    linkings.agree(
        context.tx, at.linking, sender.bot, sender.address, clean_name(sender.name),
        sender.handle, context.now,
    )  # fmt: skip
    return home.home(context, _go_back(person.bot if person else None, texts), edit=True)
