"""What the operators by setting are told of the running program itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from criteria.reminders import end_of_day, local_day, waking
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import BEFORE_REMINDERS, Notification, sentence
from handlers.texts import texts_of
from storage import inbox, outbox, people
from storage.people import Person

_TOGETHER = timedelta(minutes=2)  # what fails shortly after is in the same message


def tell_of_failures(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Tell how many messages could not be handled, or bring the count of what waits up to date.

    Once a day at most: what fails after that day's message is told the next morning. A message
    of this day that had to wait for the morning is that morning's.
    """
    zone = deployment.zone
    text = sentence("operating.failed", zone, count=inbox.failed_count(tx))
    today = waking(now + _TOGETHER, zone)
    tomorrow = waking(end_of_day(today, zone), zone)
    for person in _operators(tx, deployment):
        for when in (now, today, tomorrow):
            key = _once_a_day("failed", local_day(when, zone))
            stored = str(key(person.id))
            there = outbox.placed(tx, [stored]).get(stored)
            if there is not None and there.state == "waiting":
                payload = to_json(text(texts_of(person.language)))
                outbox.fold(tx, [replace(there, payload=payload)])
                break
            if there is None and when is not now:
                message = Notification(text, priority=BEFORE_REMINDERS, not_before=when, key=key)
                message.put_in(tx, [person], now, zone)
                break


def tell_of_rival(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Tell once a day at most that another program takes the bot's messages."""
    zone = deployment.zone
    key = _once_a_day("rival", local_day(waking(now, zone), zone))
    text = sentence("operating.rival", zone)
    message = Notification(text, priority=BEFORE_REMINDERS, key=key)
    message.put_in(tx, _operators(tx, deployment), now, zone)


def tell_of_files(
    tx: Connection, files: Mapping[str, str], key: str, now: datetime, deployment: Deployment
) -> None:
    """Tell which files could not be read and are left aside, by the sentence of `key`.

    `files` by name, each with a mark of what is wrong with it: the same is told once.
    """
    zone = deployment.zone
    for person in _operators(tx, deployment):
        for file, mark in sorted(files.items()):
            text = sentence(key, zone, file=file)
            Notification(text, key=_once("aside", mark)).put_in(tx, [person], now, zone)


def _once_a_day(sort: str, day: date) -> Callable[[int], DedupeKey]:
    return lambda person_id: DedupeKey(sort, (person_id,), day)


def _once(sort: str, mark: str) -> Callable[[int], DedupeKey]:
    return lambda person_id: DedupeKey(sort, (person_id, mark))


def _operators(tx: Connection, deployment: Deployment) -> list[Person]:
    found = (people.find_person(tx, *one) for one in deployment.operators)
    return [one for one in found if one is not None]
