"""The entry point of every update: it is handled in one transaction and answered by a reply."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import features  # noqa: F401 - they register their routes when imported
from handlers.conversation import commands
from handlers.conversation.scene import scene_of
from handlers.conversation.typed_text import gone, present_screen, read_text, read_whole_report
from handlers.flow import asked_screen, navigation
from handlers.flow.channel import Incoming, Reply, Screen, Sender, Shown
from handlers.flow.context import Context, context_of
from handlers.flow.deployment import Deployment
from handlers.flow.navigation import STEP
from handlers.flow.press import unpack
from handlers.joining import consent
from handlers.joining.person_names import clean_name
from handlers.report import paper_sheet, use_cases
from handlers.report.report_access import kept_view
from handlers.report.screens import receipts
from handlers.report.screens.screen import show_report
from handlers.roster import receiving
from handlers.texts import DEFAULT_LANGUAGE, texts_of
from storage.conversations import asks, conversations, reports_in_rounds
from storage.messages import inbox
from storage.people import addresses, people
from storage.people.people import Person


def handle(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    """Handle one update, mark it done, and return the reply.

    An update that is done already, or was not stored, changes nothing and shows nothing.
    """
    numbered = begin(tx, incoming)
    return decide(tx, numbered, now, deployment) if numbered is not None else Reply()


def begin(tx: Connection, incoming: Incoming) -> Incoming | None:
    """Mark the update done in this transaction; return it with its number.

    Return None if it is done already or was not stored.
    """
    if incoming.update is None:
        return incoming
    number = inbox.finish(tx, incoming.sender.bot, incoming.update)
    return replace(incoming, number=number) if number is not None else None


def decide(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    """Do what the person asked in an update that is marked done; return the reply."""
    return finish(tx, incoming, _answer(tx, incoming, now, deployment), now)


def finish(tx: Connection, incoming: Incoming, reply: Reply, now: datetime) -> Reply:
    """Store which question a message answered; return the reply with what each screen asks."""
    if incoming.kind in {"text", "edit"} and reply.person is not None and incoming.message:
        asks.store_written(
            tx, reply.person, incoming.sender.bot, incoming.message, incoming.text, now,
            reply.answered,
        )  # fmt: skip
    shown = tuple(_with_asks(tx, incoming.sender.bot, reply))
    return reply if shown == reply.shown else replace(reply, shown=shown)


def _with_asks(tx: Connection, bot: str, reply: Reply) -> Iterator[Shown]:
    """Yield each message; add what its buttons ask, unless its feature has set that."""
    for one in reply.shown:
        if one.asks is not None or one.purpose is not None or reply.person is None:
            yield one
            continue
        if one.edit is not None and one.edit == _step_message(tx, bot, reply.person):
            conversations.forget_shown(tx, reply.person, bot, STEP)  # another screen replaces it
        screen = asked_screen.of_buttons(one.screen)
        yield replace(one, asks=screen.to_json()) if screen is not None else one


def _step_message(tx: Connection, bot: str, person_id: int) -> str | None:
    return conversations.shown_message(tx, person_id, bot, STEP)


def present(tx: Connection, person_id: int, now: datetime, deployment: Deployment) -> Reply:
    """Return the person's present screen, if the reply that showed it may have been lost."""
    person = people.person(tx, person_id)
    conversation, found = reports_in_rounds.open_report(tx, person_id)
    if person is None or person.address is None or conversation is None:
        return Reply()
    if conversation.shown_revision >= conversation.revision:
        return Reply()
    roles = tuple(people.memberships_of(tx, person_id))
    context = context_of(tx, Incoming(_sender_of(person), "text"), person, roles, now, deployment)
    view = kept_view(context, conversation, found)
    if view is None or (view.place.alone and view.place.screen == "ask"):
        return Reply()  # an evening's question is never asked twice
    return (
        receipts.sent(context, view) if receipts.lost(context, view) else show_report(context, view)
    )


def _answer(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    sender = incoming.sender
    if incoming.kind == "in_group":
        return Reply((Shown(Screen(texts_of(DEFAULT_LANGUAGE).say("say.in_private"))),))
    found = people.find_with_roles(tx, sender.bot, sender.address)
    person, roles = found if found is not None else (None, ())
    if incoming.kind in {"blocked", "unblocked"}:
        if person is not None:
            reachable = incoming.kind == "unblocked"
            addresses.set_reachable(tx, sender.bot, sender.address, reachable=reachable, now=now)
        return Reply()
    if person is None:
        return consent.reply_to_stranger(tx, incoming, now, deployment)
    if person.unreachable_since is not None:
        addresses.set_reachable(tx, sender.bot, sender.address, reachable=True, now=now)
    if not person.in_use:  # messages go to the chat in which the person writes now
        addresses.use(tx, person.id, sender.bot, sender.address, now)
    person = people.follow_account(tx, person, clean_name(sender.name), sender.handle)
    context = context_of(tx, incoming, person, roles, now, deployment)
    if incoming.kind == "press":
        return _press(context)
    if incoming.kind == "edit":
        return _edit(context)
    if incoming.kind == "text":
        return _text(context)
    return _other(context)


def _press(context: Context) -> Reply:
    press = unpack(context.incoming.data)
    reply = navigation.press(context, press) if press is not None else None
    return reply if reply is not None else gone(context)


def _text(context: Context) -> Reply:
    text = context.incoming.text.strip()
    if text.startswith("/"):
        return commands.run(context, text)
    return consent.join_by_typing(context, text) or read_text(context, text)


def _edit(context: Context) -> Reply:
    """Handle an edited message as a correction of its answer; ignore an unchanged text."""
    message = context.incoming.message or ""
    written = asks.written_message(context.tx, context.person.id, context.bot, message)
    if written is not None and written.checksum == asks.checksum(context.incoming.text):
        return Reply()
    scene = scene_of(context)
    whole = read_whole_report(context, scene, context.incoming.text)
    if whole is not None:
        return whole
    if written is not None and written.report_id is not None and written.indicator is not None:
        view = scene.view_of(context, written.report_id)
        if view is not None:
            return use_cases.edited(context, view, written.indicator)
    key = "home.not_understood" if scene.view is None else "say.edit_unknown"
    return present_screen(context, scene.view, context.texts.say(key))


_KEY_OF_KIND = {
    "attachment": "say.attachment_unasked",
    "forwarded": "say.forwarded",
    "location": "say.location",
}


def _other(context: Context) -> Reply:
    """Handle a photo, a file or an unreadable message on the screen that its sender saw."""
    scene, item = scene_of(context), context.incoming.attachment
    screen, view = scene.seen(context.incoming), scene.view
    reply = navigation.handle_photo(context, screen, item) if item is not None else None
    if reply is not None:
        return reply
    code = None
    if view is not None:
        of_report = screen.report == view.report.id and screen.code is not None
        code = screen.code if of_report else view.place.code
    question = view.question(code) if view is not None else None
    if item is not None and not (question is not None and question.wants_evidence):
        roster = receiving.received(context, item)
        if roster is not None:
            return roster
    if item is not None and view is not None:
        return use_cases.attached(context, view, code)
    offered = paper_sheet.offer_at_rest(context, item) if item is not None else None
    if offered is not None:
        return Reply((offered,), person=context.person.id)
    key = _KEY_OF_KIND.get(context.incoming.kind, "say.unsupported")
    if item is not None and item.is_recording:
        key = "say.unsupported"
    return present_screen(context, view, context.texts.say(key))


def _sender_of(person: Person) -> Sender:
    return Sender(
        person.bot or "",
        person.address or "",
        person.name or "",
        person.handle,
        person.language,
    )
