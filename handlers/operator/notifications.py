"""What the operators by setting are told of the running program itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from criteria.reminders import end_of_day, local_day, waking
from handlers.flow.channel import TELEGRAM, Screen
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import BEFORE_REMINDERS, Notification
from handlers.texts import Texts, texts_of
from storage import inbox, outbox, people
from storage.people import Person

_TOGETHER = timedelta(minutes=2)  # what fails shortly after is in the same message


@dataclass(frozen=True, slots=True)
class FailedUpdates(Notification):
    """How many messages could not be handled: once a day at most."""

    count: int
    day: date
    not_before: datetime
    priority: int = BEFORE_REMINDERS

    def key(self, person_id: int) -> DedupeKey:
        """The day."""
        return DedupeKey("failed", (person_id,), self.day)

    def screen(self, texts: Texts) -> Screen:
        """The count."""
        return Screen(texts.say("operating.failed", count=self.count))


@dataclass(frozen=True, slots=True)
class RivalProgram(Notification):
    """Another program takes the bot's messages: told once a day at most."""

    day: date
    priority: int = BEFORE_REMINDERS

    def key(self, person_id: int) -> DedupeKey:
        """The day."""
        return DedupeKey("rival", (person_id,), self.day)

    def screen(self, texts: Texts) -> Screen:
        """What to do about it."""
        return Screen(texts.say("operating.rival"))


@dataclass(frozen=True, slots=True)
class UnreadCriteriaFile(Notification):
    """A criteria file can't be read and is left aside; `mark` says what is wrong with it."""

    file: str
    mark: str

    def key(self, person_id: int) -> DedupeKey:
        """What is wrong: the same is told once."""
        return DedupeKey("aside", (person_id, self.mark))

    def screen(self, texts: Texts) -> Screen:
        """Which file."""
        return Screen(texts.say("operating.left_aside", file=self.file))


def tell_of_failures(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Tell the operators, or bring the count of the message that waits up to date.

    What fails on a day that has had its message is told the next morning.
    """
    zone, count = deployment.zone, inbox.failed_count(tx)
    today = waking(now + _TOGETHER, zone)
    tomorrow = waking(end_of_day(today, zone), zone)
    for person in _operators(tx, deployment):
        for at in (today, tomorrow):
            told = FailedUpdates(count, local_day(at, zone), at)
            key = str(told.key(person.id))
            there = outbox.placed(tx, [key]).get(key)
            if there is None:
                told.put_in(tx, [person], now, zone)
                break
            if there.state == "waiting":
                payload = to_json(told.screen(texts_of(person.language)))
                outbox.fold(tx, there.id, payload, there.not_before, there.priority)
                break


def tell_of_rival(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Tell the operators, unless this day has had it."""
    zone = deployment.zone
    told = RivalProgram(local_day(waking(now, zone), zone))
    told.put_in(tx, _operators(tx, deployment), now, zone)


def tell_of_files(
    tx: Connection, files: Mapping[str, str], now: datetime, deployment: Deployment
) -> None:
    """Tell the operators of criteria files, by name, each with a mark of what is wrong with it."""
    for person in _operators(tx, deployment):
        for file, mark in sorted(files.items()):
            UnreadCriteriaFile(file, mark).put_in(tx, [person], now, deployment.zone)


def _operators(tx: Connection, deployment: Deployment) -> list[Person]:
    found = (people.find_person(tx, TELEGRAM, one) for one in sorted(deployment.operator_ids))
    return [one for one in found if one is not None]
