"""The chat in which a code is typed: it shows the person to be joined with, and asks for consent.

An unknown chat's buttons contain the code, and nothing about the chat is stored before it agrees.
After that it is stored for ten minutes, until the person with the code has confirmed it.
"""

from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from handlers import home
from handlers.flow.channel import Reply, Screen, Sender
from handlers.flow.context import Context
from handlers.flow.deployment import messenger_name
from handlers.flow.page import ScreenBuilder, button
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import GONE, Loading, Next, action, screen
from handlers.joining import full_bot
from handlers.joining.code_entry import CodeEntry, place_of
from handlers.joining.person_names import clean_name
from handlers.texts import Html, Texts
from storage.people import linkings, people
from storage.people.linkings import Linking
from storage.people.people import Person

STRANGER = "k.in"  # the button of an unknown chat; it isn't a route
_NO = "n"


# --- an unknown chat ------------------------------------------------------------------------------


def ask_stranger(entry: CodeEntry, linking: Linking) -> Reply:
    """Ask an unknown chat for consent; show the person that it would be joined with."""
    tx, bot, texts = entry.tx, entry.bot, entry.texts
    person = people.person(tx, linking.person_id)
    if person is None:
        return entry.sentence("join.invalid")
    if linkings.share_a_bot(tx, person.id, None, bot):
        return entry.sentence("link.same_bot")
    if full_bot.is_full(tx, bot, entry.deployment):
        return _full(entry, person)
    text = texts.say(
        "link.ask_stranger", messenger=messenger_name(bot, texts), person=side(tx, person, texts)
    )
    code = entry.code or ""
    yes = button(texts, "link.button.yes", STRANGER, code)
    no = button(texts, "link.button.no", STRANGER, code, _NO)
    return entry.says(text, ((yes,), (no,)))


def answer_stranger(entry: CodeEntry, linking: Linking, press: Press) -> Reply:
    """Store a chat that has agreed until the other side confirms; store nothing if it refused."""
    tx, sender = entry.tx, entry.incoming.sender
    person = people.person(tx, linking.person_id)
    if press.text(1) == _NO or person is None:
        return entry.sentence("link.declined")
    if full_bot.is_full(tx, sender.bot, entry.deployment):
        return _full(entry, person)
    _agree(tx, linking, sender, entry.now)
    return entry.says(_go_back(person.bot, entry.texts))


def _agree(tx: Connection, linking: Linking, sender: Sender, now: datetime) -> None:
    name = clean_name(sender.name)
    linkings.agree(tx, linking, sender.bot, sender.address, name, sender.handle, now)


def still_waiting(entry: CodeEntry) -> Html | None:
    """Return the message for a chat that has agreed and waits for the other; None for others."""
    sender = entry.incoming.sender
    linking = linkings.agreed_by(entry.tx, sender.bot, sender.address, entry.now)
    person = people.person(entry.tx, linking.person_id) if linking is not None else None
    return _go_back(person.bot, entry.texts) if person is not None else None


def _full(entry: CodeEntry, person: Person) -> Reply:
    tx, bot, texts = entry.tx, entry.bot, entry.texts
    memberships = people.memberships_of(tx, person.id)
    communes = dict.fromkeys(one.commune_id for one in memberships if one.commune_id is not None)
    full_bot.tell_officers(
        tx, bot, communes, lambda texts: side(tx, person, texts), entry.now, entry.deployment
    )
    other = messenger_name(person.bot, texts)
    return entry.says(texts.say("link.full", messenger=messenger_name(bot, texts), other=other))


def _go_back(bot: str | None, texts: Texts) -> Html:
    return texts.say("link.agreed", messenger=messenger_name(bot, texts))


# --- a chat of a known person ---------------------------------------------------------------------


def _claimed(loading: Loading) -> object:
    """Return the linking whose code this person has typed; GONE without it."""
    context = loading.context
    number = loading.number or 0
    return linkings.claimed(context.tx, number, context.person.id, context.now) or GONE


ClaimedLinking = Annotated[Linking, _claimed]


def ask_member(context: Context, linking: Linking) -> Reply | None:
    """Ask a known person who typed a code for consent to be joined with the code's owner."""
    from handlers.flow import navigation

    if linking.person_id == context.person.id:
        return home.home(context, context.texts.say("link.own_code"))
    if linkings.share_a_bot(context.tx, linking.person_id, context.person.id, context.bot):
        return home.home(context, context.texts.say("link.same_bot"))
    linkings.claim(context.tx, linking.id, context.person.id)
    return navigation.show(context, Next(asked.at(linking.id)))


@screen("k.ask", right=EVERYBODY)
def asked(context: Context, linking: ClaimedLinking) -> Screen | None:
    """Ask for consent; show what happens to the roles, and for how long it can be undone."""
    person = people.person(context.tx, linking.person_id)
    if person is None:
        return None
    page = ScreenBuilder(context).say(
        "link.ask_member", person=side(context.tx, person, context.texts)
    )
    page.button("link.button.yes", agree.at(linking.id))
    return page.button("link.button.no", agree.at(linking.id, key="k.askno")).screen()


@action("k.askyes", right=EVERYBODY, also=("k.askno",))
def agree(context: Context, linking: ClaimedLinking) -> Reply:
    """Store that the person agrees, or delete the request."""
    texts = context.texts
    if context.here.action == "k.askno":
        linkings.drop(context.tx, linking.id)
        return home.home(context, texts.say("link.declined"), edit=True)
    person = people.person(context.tx, linking.person_id)
    _agree(context.tx, linking, context.incoming.sender, context.now)
    return home.home(context, _go_back(person.bot if person else None, texts), edit=True)


# --- the names of the two sides -------------------------------------------------------------------


_MOST_ROLES = 4


def side(tx: Connection, person: Person, texts: Texts) -> Html:
    """Return a known person's name, messenger and roles, one a line."""
    roles = people.memberships_of(tx, person.id)
    lines = [account(person.bot or "", person.name, texts)]
    lines += [texts.say("link.role", role=place_of(tx, one, texts)) for one in roles[:_MOST_ROLES]]
    if len(roles) > _MOST_ROLES:
        lines.append(texts.say("mydata.more_roles", count=len(roles) - _MOST_ROLES))
    return Html("\n".join(lines))


def account(bot: str, name: str | None, texts: Texts) -> Html:
    """Return a name with its messenger: "Lan (Zalo)"."""
    shown = name or texts.say("somebody")
    return texts.say("link.account", name=shown, messenger=messenger_name(bot, texts))
