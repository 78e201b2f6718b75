"""Tells the operators that another program takes the bot's messages: once a day at most."""

from datetime import datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, waking
from handlers.flow.channel import TELEGRAM, Screen
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.texts import texts_of
from storage import outbox, people

_PRIORITY = 5


def tell_operators(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Put the notice on its way, unless this day has had it; at night it waits for the morning."""
    when = waking(now, deployment.zone)
    for address in sorted(deployment.operator_ids):
        person = people.find_person(tx, TELEGRAM, address)
        if person is not None:
            text = texts_of(person.language).say("operating.rival")
            outbox.enqueue(
                tx, person.id, "notice", to_json(Screen(text)), now,
                not_before=when, priority=_PRIORITY,
                dedupe_key=f"rival:{person.id}:{local_day(when, deployment.zone)}",
            )  # fmt: skip
