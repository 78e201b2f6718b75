"""The one door: every update comes in here, in one transaction, and leaves as a reply."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import actions, asked, commands, home, joining, stepping
from handlers.channel import Incoming, Reply, Sender, Shown
from handlers.house import House
from handlers.presses import unpack
from handlers.reporting import filling, receipts
from handlers.reporting.moving import standing_desk
from handlers.reporting.showing import show_desk
from handlers.scene import scene_of
from handlers.steps import STEP, step_message
from handlers.texts import texts_of
from handlers.turn import Turn
from handlers.typed_text import read_text
from storage import asks, conversations, inbox, people
from storage.people import Person


def handle(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Reply:
    """Do what the person asked, mark the update done, and say what is to be shown.

    An update that is done already, or could not be stored, changes nothing and shows nothing.
    """
    if incoming.update_id is not None and not inbox.is_waiting(tx, incoming.update_id):
        return Reply()
    reply = _answer(tx, incoming, now, house)
    if incoming.kind in {"text", "edit"} and reply.person is not None and incoming.message:
        asks.keep_written(tx, reply.person, incoming.message, incoming.text, now, reply.answered)
    if incoming.update_id is not None:
        inbox.finish(tx, incoming.update_id)
    return replace(reply, shown=tuple(_with_asks(tx, reply)))


def _with_asks(tx: Connection, reply: Reply) -> Iterator[Shown]:
    """What is shown, each with what its buttons ask, where the screen's own feature didn't say."""
    for one in reply.shown:
        if one.asks is not None or one.purpose is not None or reply.person is None:
            yield one
            continue
        if one.edit is not None and one.edit == step_message(tx, reply.person):
            conversations.forget_shown(tx, reply.person, STEP)  # another screen is in its place
        screen = asked.of_buttons(one.screen)
        yield replace(one, asks=screen.to_json()) if screen is not None else one


def present(tx: Connection, person_id: int, now: datetime, house: House) -> Reply:
    """The person's present screen again, if the reply that led to it may have been lost."""
    person = people.person(tx, person_id)
    kept = conversations.conversation_of(tx, person_id)
    if person is None or person.address is None or kept is None:
        return Reply()
    if kept.shown_revision >= kept.revision:
        return Reply()
    turn = _turn(tx, Incoming(_sender_of(person), "text"), person, now, house)
    desk = standing_desk(turn, kept)
    if desk is None or (desk.place.alone and desk.place.screen == "ask"):
        return Reply()  # an evening's question is never asked twice
    return receipts.sent(turn, desk) if receipts.owed(turn, desk) else show_desk(turn, desk)


def _answer(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Reply:
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if incoming.kind in {"blocked", "unblocked"}:
        if person is not None:
            people.set_reachable(tx, person.id, reachable=incoming.kind == "unblocked", now=now)
        return Reply()
    if person is None:
        return joining.stranger(tx, incoming, now, house)
    if person.unreachable_since is not None:
        people.set_reachable(tx, person.id, reachable=True, now=now)
    turn = _turn(tx, incoming, person, now, house)
    if incoming.kind == "press":
        return _press(turn)
    if incoming.kind == "edit":
        return _edit(turn)
    if incoming.kind == "text":
        return _text(turn)
    return _other(turn)


def _turn(tx: Connection, incoming: Incoming, person: Person, now: datetime, house: House) -> Turn:
    memberships = tuple(people.memberships_of(tx, person.id))
    return Turn(tx, now, house, incoming, person, memberships, texts_of(person.language))


def _press(turn: Turn) -> Reply:
    press = unpack(turn.incoming.data)
    reply = actions.act(turn, press) if press is not None else None
    return reply if reply is not None else actions.gone(turn)


def _text(turn: Turn) -> Reply:
    text = turn.incoming.text.strip()
    return commands.run(turn, text) if text.startswith("/") else read_text(turn, text)


def _edit(turn: Turn) -> Reply:
    """An edited message: a correction of what it answered; without a change in the text nothing."""
    message = turn.incoming.message or ""
    known = asks.written_message(turn.tx, turn.person.id, message)
    if known is not None and known.checksum == asks.checksum(turn.incoming.text):
        return Reply()
    scene = scene_of(turn)
    if known is not None and known.report_id is not None and known.indicator is not None:
        here = scene.desk is not None and scene.desk.report.id == known.report_id
        desk = scene.desk if here else filling.desk_of_report(turn, known.report_id)
        if desk is not None:
            return filling.edited(turn, desk, known.indicator)
    if scene.desk is None:
        return home.home(turn, turn.texts.say("home.not_understood"))
    return show_desk(turn, scene.desk, above=turn.texts.say("say.edit_unknown"))


_NO_ANSWERS = {
    "attachment": "say.attachment_unasked",
    "forwarded": "say.forwarded",
    "location": "say.location",
}


def _other(turn: Turn) -> Reply:
    """A photo, a file, or what can't be read: about the screen that its sender saw."""
    scene, item = scene_of(turn), turn.incoming.attachment
    screen, desk = scene.seen(turn.incoming), scene.desk
    reply = stepping.photographed(turn, screen, item) if item is not None else None
    if reply is not None:
        return reply
    if item is not None and desk is not None:
        ours = screen.report == desk.report.id and screen.code is not None
        return filling.attached(turn, desk, screen.code if ours else desk.place.code)
    sentence = turn.texts.say(_NO_ANSWERS.get(turn.incoming.kind, "say.unsupported"))
    if desk is not None:
        return show_desk(turn, desk, above=sentence)
    return home.home(turn, sentence)


def _sender_of(person: Person) -> Sender:
    return Sender(
        person.channel or "",
        person.address or "",
        person.name or "",
        person.handle,
        person.language,
    )
