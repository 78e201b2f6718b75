"""Tells the operators which criteria files could not be read and are left aside: once each."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.flow.channel import TELEGRAM, Screen
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.texts import texts_of
from storage import outbox, people


def tell_of_files(
    tx: Connection, files: Mapping[str, str], now: datetime, deployment: Deployment
) -> None:
    """`files` by name, each with a mark of what is wrong: the same is never told twice."""
    for address in sorted(deployment.operator_ids):
        person = people.find_person(tx, TELEGRAM, address)
        if person is None:
            continue
        for name, mark in sorted(files.items()):
            screen = Screen(texts_of(person.language).say("operating.left_aside", file=name))
            outbox.enqueue(
                tx, person.id, "notice", to_json(screen), now,
                not_before=waking(now, deployment.zone), dedupe_key=f"aside:{person.id}:{mark}",
            )  # fmt: skip
