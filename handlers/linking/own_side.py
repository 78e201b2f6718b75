"""The chat that gives the code: "/lienket", who typed it, the last word, and undoing it."""

from handlers import home
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.messengers import messenger_name
from handlers.flow.next import Next
from handlers.flow.page import Page
from handlers.flow.phrases import phrase, says
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import (
    GONE,
    Arguments,
    Loading,
    NoArguments,
    action,
    argument,
    page,
    screen,
)
from handlers.linking.messages import hand_over_messages
from handlers.linking.wording import account, side
from handlers.texts import Html
from storage import linkings, people
from storage.linkings import Linking
from storage.short_codes import grouped, new_code


def _agreed(loading: Loading) -> object:
    """The person's own linking, to which the other chat has agreed."""
    context = loading.context
    found = linkings.pending(context.tx, context.person.id, context.now)
    if found is None or found.id != loading.number or found.agreed_at is None:
        return GONE
    return found


def _joined(loading: Loading) -> object:
    """What can be undone."""
    context = loading.context
    found = linkings.newest_joined(context.tx, context.person.id, context.now)
    return found if found is not None and found.id == loading.number else GONE


class _Agreed(Arguments):
    linking: Linking = argument(_agreed)


class _Joined(Arguments):
    linking: Linking = argument(_joined)


@screen("k.wait", NoArguments, right=EVERYBODY)
def wait(context: Context, at: NoArguments) -> Screen:
    """What to do with the code, and the way on."""
    return Page(context).say("link.wait").button("link.button.typed", look.at()).home().screen()


@action("k.new", NoArguments, right=EVERYBODY)
def new(context: Context, at: NoArguments) -> Next:
    """A new code."""
    return _begin(context)


def _begin(context: Context) -> Next:
    """A new code; an earlier one opens nothing any more."""
    code = new_code()
    hashed = context.deployment.short_codes.linking_hash(code)
    linkings.begin(context.tx, context.person.id, hashed, context.now)
    return Next(wait.at(), context.texts.say("link.code", code=grouped(code)))


@screen("k.look", NoArguments, right=EVERYBODY)
def look(context: Context, at: NoArguments) -> Screen:
    """Who has typed the code; or that nobody has, or that its time is over."""
    page, found = Page(context), linkings.pending(context.tx, context.person.id, context.now)
    if found is None:
        return page.say("link.over").button("link.button.new", new.at()).home().screen()
    if found.agreed_at is None:
        return page.say("link.nobody").button("link.button.typed", look.at()).home().screen()
    texts = context.texts
    other = people.person(context.tx, found.other_id) if found.other_id is not None else None
    if other is None:
        who = account(found.bot or "", found.account_name, texts)
        page.say("link.confirm_new", account=who)
    else:
        page.say("link.confirm_known", account=side(context.tx, other, texts))
    page.button("link.button.yes", confirm.at(found.id))
    return page.button("link.button.not_me", confirm.at(found.id, key="k.no")).screen()


@action("k.yes", _Agreed, right=EVERYBODY, also=("k.no",))
def confirm(context: Context, at: _Agreed) -> Reply | Next:
    """Both sides have seen each other: they become one person, or nothing of it stays."""
    texts, linking = context.texts, at.linking
    if context.here.action == "k.no":
        linkings.drop(context.tx, linking.id)
        return home.home(context, texts.say("link.refused"), edit=True)
    sender = context.incoming.sender
    if not linkings.join(context.tx, linking, (sender.bot, sender.address), context.now):
        linkings.drop(context.tx, linking.id)
        return home.home(context, texts.say("link.not_joined"), edit=True)
    if linking.other_id is not None:
        hand_over_messages(context.tx, linking.other_id, linking.person_id, context.now)
    return Next(done.at(), _done(context, linking), menu=True)


def _done(context: Context, linking: Linking) -> Html:
    said = context.texts.say("link.done", messenger=_messenger(context, linking))
    if linking.other_id is None:
        return said
    return Html(f"{said}\n{context.texts.say('link.undo_hint')}")


def _messenger(context: Context, linking: Linking) -> Html:
    return messenger_name(linking.bot or "", context.texts)


@page("k.done", NoArguments, right=EVERYBODY)
def done(context: Context, at: NoArguments) -> Screen:
    """The start screen with the roles of this moment."""
    return home.home_screen(context)


# --- undoing it -----------------------------------------------------------------------------------


@screen("k.part", NoArguments, right=EVERYBODY)
def ask_to_part(context: Context, at: NoArguments) -> Screen:
    """What was joined last, before it is undone."""
    page, texts = Page(context), context.texts
    found = linkings.newest_joined(context.tx, context.person.id, context.now)
    if found is None:
        return page.say("part.none").home().screen()
    other = people.person(context.tx, found.other_id) if found.other_id is not None else None
    messenger = _messenger(context, found)
    if other is None:
        page.say("part.ask_chat", messenger=messenger)
    else:
        name = other.name or texts.say("somebody")
        page.say("part.ask_person", messenger=messenger, name=name)
    return page.button("part.button.yes", part.at(found.id)).home().screen()


@action("k.party", _Joined, right=EVERYBODY)
def part(context: Context, at: _Joined) -> Reply | Next:
    """They are two again. In a chat that is the other's from now on the answer names nobody."""
    linkings.part(context.tx, at.linking, context.now)
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    said = context.texts.say("part.done", messenger=_messenger(context, at.linking))
    sender = context.incoming.sender
    here = people.find_person(context.tx, sender.bot, sender.address)
    if here is not None and here.id == context.person.id:
        return Next(done.at(), said, menu=True)
    go_on = context.texts.say("part.go_on")
    return Reply((Shown(Screen(f"{said} {go_on}"), edit=pressed),))


# --- the ways there -------------------------------------------------------------------------------


def _several_messengers(context: Context) -> bool:
    return len(context.deployment.bots) > 1


@command("lienket", "link", place=125, menu=_several_messengers)
def link_command(context: Context, text: str) -> Next:
    """A code by which another messenger is joined."""
    return _begin(context)


@command("tachra", "unlink")
def part_command(context: Context, text: str) -> Next:
    """Undo a joining."""
    return Next(ask_to_part.at())


@phrase()
def named(context: Context, text: str) -> Next | None:
    """The same in words: "nối với Zalo", "tách ra"."""
    if says(context, text, "words.link"):
        return _begin(context)
    return Next(ask_to_part.at()) if says(context, text, "words.part") else None
