"""The chat that shows the code: "/lienket", who typed it, the final consent, and parting."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from handlers import home
from handlers.flow.arguments import one_among, only
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.commands import command, is_phrase, phrase
from handlers.flow.context import Context
from handlers.flow.deployment import messenger_name
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import Loading, Next, action, screen
from handlers.linking.other_side import account, side
from handlers.messages.keys import DedupeKey, day_of, key_of_day, undropped
from handlers.messages.kinds import KINDS
from handlers.texts import Html
from storage.messages import inherited_messages as inherited
from storage.messages import outbox
from storage.messages.inherited_messages import WaitingMessage
from storage.people import linkings, people
from storage.people.linkings import Linking
from storage.people.short_codes import grouped, new_code

# The person's own linking that the other chat has agreed to.
AgreedLinking = Annotated[
    Linking, only(one_among(lambda it: _own(it, linkings.pending)), lambda _, one: one.agreed_at)
]
# The newest linking that can be undone.
JoinedLinking = Annotated[Linking, one_among(lambda it: _own(it, linkings.newest_to_undo))]


def _own(
    loading: Loading, find: Callable[[Connection, int, datetime], Linking | None]
) -> list[Linking]:
    context = loading.context
    found = find(context.tx, context.person.id, context.now)
    return [found] if found is not None else []


@screen("k.wait", right=EVERYBODY)
def wait(context: Context) -> Screen:
    """Show what to do with the code, and the button for afterwards."""
    return (
        ScreenBuilder(context)
        .say("link.wait")
        .button("link.button.typed", look.at())
        .home()
        .screen()
    )


@action("k.new", right=EVERYBODY)
def new(context: Context) -> Next:
    """Make a new code; an earlier one becomes invalid."""
    return _begin(context)


def _begin(context: Context) -> Next:
    code = new_code()
    hashed = context.deployment.short_codes.linking_hash(code)
    linkings.begin(context.tx, context.person.id, hashed, context.now)
    return Next(wait.at(), context.texts.say("link.code", code=grouped(code)))


@screen("k.look", right=EVERYBODY)
def look(context: Context) -> Screen:
    """Show who has typed the code; or that nobody has, or that it has expired."""
    page, found = (
        ScreenBuilder(context),
        linkings.pending(context.tx, context.person.id, context.now),
    )
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


@action("k.yes", right=EVERYBODY, also=("k.no",))
def confirm(context: Context, linking: AgreedLinking) -> Reply | Next:
    """Join the two into one person, or delete the request."""
    texts = context.texts
    if context.here.action == "k.no":
        linkings.drop(context.tx, linking.id)
        return home.home(context, texts.say("link.refused"), edit=True)
    sender = context.incoming.sender
    if not linkings.join(context.tx, linking, (sender.bot, sender.address), context.now):
        linkings.drop(context.tx, linking.id)
        return home.home(context, texts.say("link.not_joined"), edit=True)
    if linking.other_id is not None:
        hand_over_messages(context.tx, linking.other_id, linking.person_id, context.now)
    return Next(home.other_roles.at(key="k.done"), _done(context, linking), menu=True)


def _done(context: Context, linking: Linking) -> Html:
    done = context.texts.say("link.done", messenger=messenger_name(linking.bot, context.texts))
    if linking.other_id is None:
        return done
    return Html(f"{done}\n{context.texts.say('link.undo_hint')}")


# --- undoing it -----------------------------------------------------------------------------------


@screen("k.part", right=EVERYBODY)
def ask_to_part(context: Context) -> Screen:
    """Show what was joined last, and ask whether to undo it."""
    page, texts = ScreenBuilder(context), context.texts
    found = linkings.newest_to_undo(context.tx, context.person.id, context.now)
    if found is None:
        return page.say("part.none").home().screen()
    other = people.person(context.tx, found.other_id) if found.other_id is not None else None
    messenger = messenger_name(found.bot, texts)
    if other is None:
        page.say("part.ask_chat", messenger=messenger)
    else:
        name = other.name or texts.say("somebody")
        page.say("part.ask_person", messenger=messenger, name=name)
    return page.button("part.button.yes", part.at(found.id)).home().screen()


@action("k.party", right=EVERYBODY)
def part(context: Context, linking: JoinedLinking) -> Reply | Next:
    """Undo the joining. In a chat that becomes the other person's, the reply names nobody."""
    linkings.undo(context.tx, linking, context.now)
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    done = context.texts.say("part.done", messenger=messenger_name(linking.bot, context.texts))
    sender = context.incoming.sender
    here = people.find_person(context.tx, sender.bot, sender.address)
    if here is not None and here.id == context.person.id:
        return Next(home.other_roles.at(key="k.done"), done, menu=True)
    go_on = context.texts.say("part.go_on")
    return Reply((Shown(Screen(f"{done} {go_on}"), edit=pressed),))


# --- commands and phrases -------------------------------------------------------------------------


@command("lienket", "link", place=125, menu=lambda context: len(context.deployment.bots) > 1)
def link_command(context: Context, text: str) -> Next:
    """Make a code to join another messenger with."""
    return _begin(context)


@command("tachra", "unlink")
def part_command(context: Context, text: str) -> Next:
    """Ask whether to undo the newest joining."""
    return Next(ask_to_part.at())


@phrase()
def named(context: Context, text: str) -> Next | None:
    """Do the same for typed phrases: "nối với Zalo", "tách ra"."""
    if is_phrase(context, text, "words.link"):
        return _begin(context)
    return Next(ask_to_part.at()) if is_phrase(context, text, "words.part") else None


# --- messages of a person who is joined into another ----------------------------------------------


def hand_over_messages(tx: Connection, old_id: int, new_id: int, now: datetime) -> None:
    """Give the waiting messages of a person to another.

    Two messages of the same day are merged, if a person gets one a day. The evening reminders
    that the old person had asked for are dropped.
    """
    for row in inherited.waiting_of(tx, old_id):
        message = KINDS.get(row.kind)
        day = day_of(row.dedupe_key) if row.dedupe_key is not None else None
        if message is None or not message.merges or day is None:
            inherited.give_to(tx, row.id, new_id)
        elif row.dedupe_key != str(key_of_day(old_id, day)):
            outbox.finish(tx, row.id, "dropped", now, "joined")
        else:
            _give_daily_message(tx, row, key_of_day(new_id, day), new_id, now)


def _give_daily_message(
    tx: Connection, row: WaitingMessage, key: DedupeKey, new_id: int, now: datetime
) -> None:
    other = undropped(tx, [key]).get(key)
    if other is None:
        inherited.give_to(tx, row.id, new_id)
        outbox.rekey(tx, row.id, str(key))
        return
    if other.state == "waiting":
        merged = KINDS[row.kind].merged(other.payload, row.payload)
        outbox.replace_waiting(tx, [replace(other, payload=merged)])
    outbox.finish(tx, row.id, "dropped", now, "another_that_day")
