"""Tells the operators of messages that could not be handled: once a day at most, with their count.

What fails later on a day that has had its notice is told the next morning.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.reminders import end_of_day, local_day, waking
from handlers.flow.channel import TELEGRAM, Screen
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.texts import texts_of
from storage import inbox, outbox, people
from storage.people import Person

_TOGETHER = timedelta(minutes=2)  # what fails shortly after is in the same notice
_PRIORITY = 5


def tell_operators(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Put the notice on its way, or bring the count of the one that waits up to date."""
    count = inbox.failed_count(tx)
    for address in sorted(deployment.operator_ids):
        person = people.find_person(tx, TELEGRAM, address)
        if person is not None:
            _tell(tx, person, count, now, deployment)


def _tell(
    tx: Connection, person: Person, count: int, now: datetime, deployment: Deployment
) -> None:
    texts = texts_of(person.language)
    payload = to_json(Screen(texts.say("operating.failed", count=count)))
    today = waking(now + _TOGETHER, deployment.zone)
    tomorrow = waking(end_of_day(today, deployment.zone), deployment.zone)
    for when in (today, tomorrow):
        key = f"failed:{person.id}:{local_day(when, deployment.zone)}"
        there = outbox.placed(tx, [key]).get(key)
        if there is None:
            outbox.enqueue(
                tx, person.id, "notice", payload, now,
                not_before=when, priority=_PRIORITY, dedupe_key=key,
            )  # fmt: skip
            return
        if there.state == "waiting":
            outbox.fold(tx, [replace(there, payload=payload)])
            return
