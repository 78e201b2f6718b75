"""Messages to others about what somebody did: worded when they are put in, and sent as they stand.

An answer goes out at any hour; news that nobody has just asked for waits at night.
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

BEFORE_REMINDERS = 5  # the priority of what somebody waits for
Wording = Callable[[Texts], Screen]
Address = tuple[str | int, ...]  # of a button: its caption's key, an action, its arguments


class Notice(Message):
    """News that nobody has just asked for."""

    kind = "notice"


class PlanUsed(Notice):
    """The monthly plan of a bot is nearly used up: it goes out to the end of the plan."""

    kind = "plan"


class Returned(Notice):
    """The office returned a report."""

    kind = "returned"


class SettledTotal(Notice):
    """The office settled a total."""

    kind = "total"


class Correction(Notice):
    """The office corrected an answer."""

    kind = "correction"


class Answer(Message):
    """It answers those who get it."""

    kind = "answer"
    at_night = True


class DifficultyAnswer(Answer):
    """Word on a difficulty, to those who wait for it."""

    kind = "difficulty"


class OnBehalf(Answer):
    """What the office entered for an area that has just telephoned."""

    kind = "on_behalf"


@dataclass(frozen=True, slots=True)
class Notification:
    """How a message reads in each language, its kind, and when it may go out.

    `not_before`: a moment of its own; else it goes out when it is put in, or in the morning. `key`:
    each person gets what has the same key once.
    """

    screen: Wording
    kind: type[Message] = Notice
    priority: int = 0
    not_before: datetime | None = None
    key: Callable[[int], DedupeKey] | None = None

    def put_in(
        self, tx: Connection, whom: Iterable[Person], now: datetime, zone: ZoneInfo
    ) -> list[Person]:
        """Put it on its way to each of these people; gives those who are there."""
        there = list({one.id: one for one in whom if one.address is not None}.values())
        keys = {one.id: str(self.key(one.id)) for one in there if self.key is not None}
        taken = outbox.messages_by_key(tx, keys.values())
        languages = {one.language for one in there}
        worded = {one: self.screen(texts_of(one)).to_json() for one in languages}
        when = self.not_before or (now if self.kind.at_night else next_daytime(now, zone))
        drafts = [
            outbox.Draft(
                one.id, self.kind.kind, worded[one.language], when, self.priority, keys.get(one.id)
            )
            for one in there
            if keys.get(one.id) not in taken
        ]
        outbox.enqueue_all(tx, drafts, now)
        return there


def sentence(key: str, zone: ZoneInfo, button: Address | None = None, **said: object) -> Wording:
    """The wording by a sentence of the catalogue, with a button or without.

    Datetimes are said as days, units and rounds by their names; a function gives what depends on
    the language.
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
        text = texts.say(key, **{name: value(one, texts) for name, one in said.items()})
        if button is None:
            return Screen(text)
        caption, action, *arguments = button
        return Screen(text, ((Button(texts.say(str(caption)), pack(str(action), *arguments)),),))

    return screen


def tell_all(
    tx: Connection, whom: Sequence[int], key: str, now: datetime, zone: ZoneInfo, *,
    button: Address | None = None, **parameters: object,
) -> int:  # fmt: skip
    """Put a sentence on its way to each of these people; gives how many are there."""
    message = Notification(sentence(key, zone, button, **parameters))
    return len(message.put_in(tx, people.people_by_ids(tx, whom), now, zone))


def tell_reporters(context: Context, unit_id: int, kind: type[Message], screen: Wording) -> int:
    """Tell everybody who reports for the unit, in their language; gives how many are reached."""
    whom = [member.person for member in reporters.reporters_of_unit(context.tx, unit_id)]
    message = Notification(screen, kind, BEFORE_REMINDERS)
    there = message.put_in(context.tx, whom, context.now, context.deployment.zone)
    return sum(one.unreachable_since is None for one in there)


def tell_officers(
    context: Context, unit_id: int, key: str, button: Address, **said: object
) -> None:
    """Tell the commune's officers what somebody of this unit said."""
    unit = places.unit(context.tx, unit_id)
    zone = context.deployment.zone
    message = Notification(sentence(key, zone, button, unit=unit, **said))
    whom = sorted(other_officers(context, unit.commune_id), key=lambda one: one.id)
    message.put_in(context.tx, whom, context.now, zone)


def other_officers(context: Context, commune_id: int) -> list[Person]:
    """The commune's officers who can be written to, but for the person who acts."""
    members = people.people_of_commune(context.tx, commune_id, "officer")
    there = (one.person for one in members if one.person.address is not None)
    return [one for one in there if one.id != context.person.id]
