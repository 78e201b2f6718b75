"""Answering, passing up and settling a difficulty; the person who raised it is notified."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from handlers.difficulties import wording
from handlers.difficulties.screens import (
    ReadDifficulty,
    may_answer,
    may_pass_up,
    one_difficulty,
    reader_of,
)
from handlers.difficulties.wording import about
from handlers.flow.arguments import by_id
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import OFFICER, READER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import (
    BEFORE_REMINDERS,
    Address,
    DifficultyAnswer,
    Notification,
    ReplyNotification,
    sentence,
)
from handlers.officer.access import of_office
from handlers.operator.communes import operators_of
from handlers.texts import Html, shortened
from storage.difficulties import difficulties, difficulty_photos
from storage.difficulties.difficulties import Difficulty
from storage.fetching import ToFetch
from storage.people import people
from storage.places import places

_LONGEST_ANSWER = 1000
_LONGEST_QUOTE = 300
_QUOTED = 160

OfficeDifficulty = Annotated[Difficulty, by_id(difficulties.difficulty_by_id, of_office)]


@screen("d.ans", right=READER, asks=True)
def ask_answer(context: Context, difficulty: ReadDifficulty) -> Screen | None:
    """Ask for the answer."""
    reader = reader_of(context, difficulty)
    if not may_answer(difficulty, reader):
        return None
    where = wording.where(context, difficulty)
    if reader == "operator":
        where = f"{places.commune(context.tx, difficulty.commune_id).name}, {where}"
    text = shortened(difficulty.text, _LONGEST_QUOTE)
    page = ScreenBuilder(context).say("difficulties.answer_ask", where=where, text=text)
    if difficulty.answer is not None:
        key = "by_operator" if difficulty.passed_up_at is not None else "by_office"
        present = shortened(difficulty.answer, _LONGEST_QUOTE)
        page.line().say(f"difficulties.answer_{key}", answer=present)
    return page.back(one_difficulty.at(difficulty)).screen()


@ask_answer.pressed
def to_answer(context: Context, difficulty: ReadDifficulty) -> Next:
    """Show the question, or the difficulty if this person cannot answer it now."""
    here = may_answer(difficulty, reader_of(context, difficulty))
    return Next(context.here) if here else _not_now(context, difficulty)


@ask_answer.text
def take_answer(context: Context, text: str, difficulty: ReadDifficulty) -> Next:
    """Store the typed answer; notify the person who raised the difficulty."""
    reader = reader_of(context, difficulty)
    if not may_answer(difficulty, reader):
        return Next(one_difficulty.at(difficulty), context.texts.say("toast.not_now"))
    one = difficulties.answer(context.tx, difficulty, text[:_LONGEST_ANSWER], **context.authorship)
    notified = _notify_of_answer(context, one, by_operator=reader == "operator")
    return _done(context, difficulty, "answered", notified=notified)


def _notify_of_answer(context: Context, one: Difficulty, *, by_operator: bool) -> bool:
    """Notify the person who raised it, and the officer who passed it up; once if the same."""
    if not by_operator:
        return notify_raiser(context, one, "difficulties.told_answer")
    office = notify_office(context, one, "difficulties.told_office")
    if office and one.passed_up_by == one.raised_by:
        return True
    return notify_raiser(context, one, "difficulties.told_operator")


@action("d.up", right=OFFICER)
def pass_up(context: Context, difficulty: OfficeDifficulty) -> Next:
    """Pass the difficulty up to the operators."""
    if not may_pass_up(difficulty, "officer"):
        return _not_now(context, difficulty)
    one = difficulties.pass_up(context.tx, difficulty, **context.authorship)
    notified = notify_raiser(context, one, "difficulties.told_up")
    notify_operators(context, one)
    return _done(context, difficulty, "passed_up", notified=notified)


@action("d.done", right=OFFICER)
def settle(context: Context, difficulty: OfficeDifficulty) -> Next:
    """Settle the difficulty; nothing changes if it is settled already."""
    by, way = context.person.id, context.way
    if not difficulties.settle(context.tx, difficulty.id, context.now, by=by, way=way):
        return _not_now(context, difficulty)
    notified = notify_raiser(context, difficulty, "difficulties.told_settled")
    return _done(context, difficulty, "settled", notified=notified)


@action("d.again", right=OFFICER)
def reopen(context: Context, difficulty: OfficeDifficulty) -> Next:
    """Mark a settled difficulty as not settled."""
    if difficulty.state != "settled":
        return _not_now(context, difficulty)
    one = difficulties.reopen(context.tx, difficulty, **context.authorship)
    notified = notify_raiser(context, one, "difficulties.told_reopened")
    return _done(context, difficulty, "reopened", notified=notified)


def _not_now(context: Context, difficulty: Difficulty) -> Next:
    return Next(one_difficulty.at(difficulty), toast=context.texts.say("toast.not_now"))


def _done(context: Context, difficulty: Difficulty, what: str, *, notified: bool) -> Next:
    done = context.texts.say(f"difficulties.done.{what}")
    if notified:
        done = Html(f"{done} {context.texts.say('difficulties.done.told')}")
    return Next(one_difficulty.at(difficulty), done)


def notify_raiser(context: Context, one: Difficulty, key: str) -> bool:
    """Notify the person who raised it; return False if there is nobody else to notify."""
    return _notify(context, one, one.raised_by, key)


def notify_office(context: Context, one: Difficulty, key: str) -> bool:
    """Notify the officer who passed it up, if they still are one, with a button to it."""
    person = one.passed_up_by
    roles = people.memberships_of(context.tx, person) if person is not None else []
    if not any(m.role == "officer" and m.commune_id == one.commune_id for m in roles):
        return False
    return _notify(context, one, person, key, ("difficulties.button.see", "d.one", one.id))


def notify_operators(context: Context, one: Difficulty) -> None:
    """Notify the commune's operators that it was passed up to them."""
    commune = places.commune(context.tx, one.commune_id)
    text = sentence(
        "difficulties.told_operators", context.deployment.zone,
        ("difficulties.button.see", "d.one", one.id),
        commune=commune.name, about=lambda texts: about(context, one, texts),
        text=shortened(one.text, _QUOTED),
    )  # fmt: skip
    whom = operators_of(context.tx, commune, context.deployment)
    others = [person for person in whom if person.id != context.person.id]
    Notification(text).put_in(context.tx, others, context.now, context.deployment.zone)


def _notify(
    context: Context, one: Difficulty, person_id: int | None, key: str,
    button: Address | None = None,
) -> bool:  # fmt: skip
    if person_id is None or person_id == context.person.id:
        return False
    zone = context.deployment.zone
    text = sentence(
        key, zone, button, about=lambda texts: about(context, one, texts),
        text=shortened(one.text, _QUOTED), answer=one.answer or "—",
    )  # fmt: skip
    message = Notification(text, DifficultyAnswer, BEFORE_REMINDERS)
    whom = people.people_by_ids(context.tx, [person_id])
    return bool(message.put_in(context.tx, whom, context.now, zone))


# --- a photo that was not stored ------------------------------------------------------------------


def tell_of_lost_photo(tx: Connection, one: ToFetch, now: datetime, deployment: Deployment) -> None:
    """Remove the photo and notify the person who raised the difficulty."""
    raised = difficulties.difficulty_by_id(tx, one.id)
    if not difficulty_photos.drop(tx, one) or raised is None or raised.raised_by is None:
        return
    way_back = ("difficulties.button.add_photo", "d.photo", raised.id)
    text = sentence("difficulties.photo_lost", deployment.zone, way_back)
    whom = people.people_by_ids(tx, [raised.raised_by])
    Notification(text, ReplyNotification).put_in(tx, whom, now, deployment.zone)
