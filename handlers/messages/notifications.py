"""Messages to others about a person's action; their text is made when they enter the outbox.

An answer is sent at any hour; a notice that nobody has just asked for waits at night.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.reminders import next_daytime
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.messages.keys import DedupeKey
from handlers.messages.message import Message
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html, Texts, texts_of
from storage.messages import outbox
from storage.people import people, reporters
from storage.people.people import Person
from storage.places import places
from storage.places.places import Unit
from storage.rounds.rounds import Round

BEFORE_REMINDERS = 5  # the priority of a message that somebody waits for
Wording = Callable[[Texts], Screen]
Address = tuple[str | int, ...]  # a button: its caption's key, an action, its arguments


class NewsNotification(Message):
    """A message that nobody has just asked for."""

    kind = "notice"


class PlanUsed(NewsNotification):
    """The monthly plan of a bot is nearly used up; this is sent even then."""

    kind = "plan"


class Returned(NewsNotification):
    """The office returned a report."""

    kind = "returned"


class SettledTotal(NewsNotification):
    """The office settled a total."""

    kind = "total"


class Correction(NewsNotification):
    """The office corrected an answer."""

    kind = "correction"


class ReplyNotification(Message):
    """A message that answers its recipients."""

    kind = "answer"
    at_night = True


class DifficultyAnswer(ReplyNotification):
    """The answer to a difficulty, for those who wait for it."""

    kind = "difficulty"


class OnBehalf(ReplyNotification):
    """The report that the office entered for an area that has just telephoned."""

    kind = "on_behalf"


@dataclass(frozen=True, slots=True)
class Notification:
    """The text of a message in each language, its kind, and when it may be sent.

    `not_before`: the time to send it; without it, at once or in the morning. `key`: each person
    gets only one message with the same key.
    """

    screen: Wording
    kind: type[Message] = NewsNotification
    priority: int = 0
    not_before: datetime | None = None
    key: Callable[[int], DedupeKey] | None = None

    def put_in(
        self, tx: Connection, whom: Iterable[Person], now: datetime, zone: ZoneInfo
    ) -> list[Person]:
        """Put it into the outbox for each of these people; return those who have an address."""
        there = list({one.id: one for one in whom if one.address is not None}.values())
        keys = {one.id: str(self.key(one.id)) for one in there if self.key is not None}
        existing = outbox.messages_by_key(tx, keys.values())
        languages = {one.language for one in there}
        worded = {one: self.screen(texts_of(one)).to_json() for one in languages}
        when = self.not_before or (now if self.kind.at_night else next_daytime(now, zone))
        drafts = [
            outbox.Draft(
                one.id, self.kind.kind, worded[one.language], when, self.priority, keys.get(one.id)
            )
            for one in there
            if keys.get(one.id) not in existing
        ]
        outbox.enqueue_all(tx, drafts, now)
        return there


def sentence(
    key: str, zone: ZoneInfo, button: Address | None = None, **parameters: object
) -> Wording:
    """Return the wording made of a sentence of the catalogue, with or without a button.

    Datetimes are shown as days, units and rounds by their names; a function is called with the
    texts for a value that depends on the language.
    """

    def value(one: object, texts: Texts) -> object:
        if isinstance(one, datetime):
            return Html(texts.day(one, zone))
        if isinstance(one, Unit):
            return texts.unit(one)
        if isinstance(one, Round):
            return round_text(one, texts)
        return one(texts) if callable(one) else one

    def screen(texts: Texts) -> Screen:
        text = texts.say(key, **{name: value(one, texts) for name, one in parameters.items()})
        if button is None:
            return Screen(text)
        caption, action, *arguments = button
        return Screen(text, ((Button(texts.say(str(caption)), pack(str(action), *arguments)),),))

    return screen


def tell_all(
    tx: Connection, whom: Sequence[int], key: str, now: datetime, zone: ZoneInfo, *,
    button: Address | None = None, **parameters: object,
) -> int:  # fmt: skip
    """Send a sentence to each of these people; return how many of them have an address."""
    message = Notification(sentence(key, zone, button, **parameters))
    return len(message.put_in(tx, people.people_by_ids(tx, whom), now, zone))


def tell_reporters(
    context: Context, unit: Unit, kind: type[Message], screen: Callable[[Texts, str], Screen]
) -> int:
    """Send a screen to everybody who reports for the unit; return how many can be reached.

    `screen` also takes the unit's name, which has the commune for people of several communes.
    """
    tx, zone = context.tx, context.deployment.zone
    whom = [member.person for member in reporters.reporters_of_unit(tx, unit.id)]
    several = people.in_several_communes(tx, [one.id for one in whom])
    commune = places.commune(tx, unit.commune_id).name if several else ""

    def named(texts: Texts) -> Screen:
        return screen(texts, f"{texts.unit(unit)} · {commune}")

    def short(texts: Texts) -> Screen:
        return screen(texts, texts.unit(unit))

    reached = 0
    for wording, some in (
        (named, [one for one in whom if one.id in several]),
        (short, [one for one in whom if one.id not in several]),
    ):
        there = Notification(wording, kind, BEFORE_REMINDERS).put_in(tx, some, context.now, zone)
        reached += sum(one.unreachable_since is None for one in there)
    return reached


def tell_officers(
    context: Context, unit_id: int, key: str, button: Address, **parameters: object
) -> None:
    """Send a sentence about this unit to the commune's other officers."""
    unit = places.unit(context.tx, unit_id)
    zone = context.deployment.zone
    message = Notification(sentence(key, zone, button, unit=unit, **parameters))
    whom = sorted(other_officers(context, unit.commune_id), key=lambda one: one.id)
    message.put_in(context.tx, whom, context.now, zone)


def other_officers(context: Context, commune_id: int) -> list[Person]:
    """Return the commune's officers who have an address, without the person who acts."""
    members = people.people_of_commune(context.tx, commune_id, "officer")
    there = (one.person for one in members if one.person.address is not None)
    return [one for one in there if one.id != context.person.id]
