"""Messages to others about what somebody did: worded when they are put in, and sent as they stand.

Between 21:00 and 07:00 only what answers somebody goes out; the rest waits for the morning.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.screen_json import to_json
from handlers.messages.keys import DedupeKey
from handlers.report.wording import unit_text
from handlers.texts import Html, Texts, texts_of
from storage import outbox, people, places
from storage.people import Person
from storage.places import Unit

BEFORE_REMINDERS = 5  # the priority of what somebody waits for
_Address = tuple[str | int, ...]  # of a button: its caption's key, an action, its arguments


class Notification:
    """One notification; a subclass for each that is more than one sentence of the catalogue.

    `at_night`: it answers those who get it, so it goes out at any hour. `not_before`: a moment of
    its own; without one it goes out when it is put in, or in the morning.
    """

    kind: str = "notice"
    priority: int = 0
    at_night: bool = False
    not_before: datetime | None = None

    def screen(self, texts: Texts) -> Screen:
        """How it reads in one language."""
        raise NotImplementedError

    def key(self, person_id: int) -> DedupeKey | None:  # noqa: ARG002 - for those that have one
        """What of it a person gets only once; None: each of them."""
        return None

    def put_in(
        self, tx: Connection, whom: Iterable[Person], now: datetime, zone: ZoneInfo
    ) -> list[Person]:
        """Put it on its way to each of these people; gives those who are there."""
        there = list({one.id: one for one in whom if one.address is not None}.values())
        keys = {one.id: str(key) for one in there if (key := self.key(one.id)) is not None}
        taken = outbox.placed(tx, keys.values())
        worded = {
            language: to_json(self.screen(texts_of(language)))
            for language in {one.language for one in there}
        }
        when = self.not_before or (now if self.at_night else waking(now, zone))
        drafts = [
            outbox.Draft(
                one.id, self.kind, worded[one.language], when, self.priority, keys.get(one.id)
            )
            for one in there
            if keys.get(one.id) not in taken
        ]
        outbox.enqueue_all(tx, drafts, now)
        return there


@dataclass(frozen=True, slots=True)
class Sentence(Notification):
    """A sentence of the catalogue, with a button or without.

    Datetimes among the parameters are said as days, units by their names.
    """

    text: str
    zone: ZoneInfo
    parameters: Mapping[str, object]
    button: _Address | None = None

    def screen(self, texts: Texts) -> Screen:
        """The sentence and its button."""
        said = {name: self._said(value, texts) for name, value in self.parameters.items()}
        return Screen(texts.say(self.text, **said), _rows(texts, self.button))

    def _said(self, value: object, texts: Texts) -> object:
        if isinstance(value, datetime):
            return Html(texts.day(value, self.zone))
        return unit_text(value, texts) if isinstance(value, Unit) else value


@dataclass(frozen=True, slots=True)
class ToReporters(Notification):
    """What the commune did with a report, for those who report for the area."""

    make: Callable[[Texts], Screen]
    kind: str
    at_night: bool
    priority: int = BEFORE_REMINDERS

    def screen(self, texts: Texts) -> Screen:
        """As the caller words it."""
        return self.make(texts)


def tell(
    tx: Connection,
    person_id: int,
    key: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    button: _Address | None = None,
    **parameters: object,
) -> bool:
    """Put a sentence on its way to one person; False: nobody is there."""
    return tell_all(tx, [person_id], key, now, zone, button=button, **parameters) > 0


def tell_all(
    tx: Connection,
    whom: Sequence[int],
    key: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    button: _Address | None = None,
    **parameters: object,
) -> int:
    """Put a sentence on its way to each of these people; gives how many are there."""
    sentence = Sentence(key, zone, parameters, button)
    return len(sentence.put_in(tx, people.people_by_ids(tx, whom), now, zone))


def tell_reporters(
    context: Context,
    unit_id: int,
    kind: str,
    screen: Callable[[Texts], Screen],
    *,
    at_once: bool = False,
) -> int:
    """Tell everybody who reports for the unit, in their language; gives how many are reached."""
    whom = [member.person for member in people.members_of_unit(context.tx, unit_id)]
    message = ToReporters(screen, kind, at_once)
    there = message.put_in(context.tx, whom, context.now, context.deployment.zone)
    return sum(one.unreachable_since is None for one in there)


def tell_officers(
    context: Context, unit_id: int, key: str, button: _Address, **said: object
) -> None:
    """Tell the commune's officers what somebody of this unit said."""
    unit = places.unit(context.tx, unit_id)
    zone = context.deployment.zone
    sentence = Sentence(key, zone, {"unit": unit, **said}, button)
    whom = sorted(officers_told(context, unit.commune_id), key=lambda one: one.id)
    sentence.put_in(context.tx, whom, context.now, zone)


def officers_told(context: Context, commune_id: int) -> list[Person]:
    """The commune's officers who can be written to, but for the person who acts."""
    members = people.people_of_commune(context.tx, commune_id, "officer")
    there = (one.person for one in members if one.person.address is not None)
    return [one for one in there if one.id != context.person.id]


def _rows(texts: Texts, button: _Address | None) -> tuple[tuple[Button, ...], ...]:
    if button is None:
        return ()
    caption, action, *arguments = button
    return ((Button(texts.say(str(caption)), pack(str(action), *arguments)),),)
