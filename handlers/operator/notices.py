"""What the operators of the installation are told: failures, rivals, and files left aside.

What failed and what takes messages away is told once a day at most; what comes later on a day
that has had its notice is told the next morning.
"""

from collections.abc import Iterator, Mapping
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


def tell_of_failures(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Messages could not be handled: a notice with their count, or the waiting one up to date."""
    count, zone = inbox.failed_count(tx), deployment.zone
    today = waking(now + _TOGETHER, zone)
    tomorrow = waking(end_of_day(today, zone), zone)
    for person in _operators(tx, deployment):
        payload = _payload(person, "operating.failed", count=count)
        for when in (today, tomorrow):
            key = f"failed:{person.id}:{local_day(when, zone)}"
            there = outbox.placed(tx, [key]).get(key)
            if there is None:
                outbox.enqueue(
                    tx, person.id, "notice", payload, now,
                    not_before=when, priority=_PRIORITY, dedupe_key=key,
                )  # fmt: skip
                break
            if there.state == "waiting":
                outbox.fold(tx, there.id, payload, there.not_before, there.priority)
                break


def tell_of_rival(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Another program takes the bot's messages; at night the notice waits for the morning."""
    when = waking(now, deployment.zone)
    for person in _operators(tx, deployment):
        outbox.enqueue(
            tx, person.id, "notice", _payload(person, "operating.rival"), now,
            not_before=when, priority=_PRIORITY,
            dedupe_key=f"rival:{person.id}:{local_day(when, deployment.zone)}",
        )  # fmt: skip


def tell_of_files(
    tx: Connection, files: Mapping[str, str], now: datetime, deployment: Deployment
) -> None:
    """Criteria files could not be read: by name, each with a checksum of what is wrong with it.

    The same is never told twice.
    """
    for person in _operators(tx, deployment):
        for name, checksum in sorted(files.items()):
            outbox.enqueue(
                tx, person.id, "notice", _payload(person, "operating.left_aside", file=name), now,
                not_before=waking(now, deployment.zone),
                dedupe_key=f"aside:{person.id}:{checksum}",
            )  # fmt: skip


def _operators(tx: Connection, deployment: Deployment) -> Iterator[Person]:
    """The operators by setting, as far as they have joined."""
    for address in sorted(deployment.operator_ids):
        person = people.find_person(tx, TELEGRAM, address)
        if person is not None:
            yield person


def _payload(person: Person, key: str, **parameters: object) -> str:
    return to_json(Screen(texts_of(person.language).say(key, **parameters)))
