"""Messages about the running program to the operators named by a setting, and to officers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from criteria.reminders import end_of_day, local_day, next_daytime
from handlers.flow.channel import Screen
from handlers.flow.deployment import Deployment
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import BEFORE_REMINDERS, Notification, PlanUsed, sentence
from handlers.operator.communes import operators_by_setting
from handlers.texts import Texts, texts_of
from storage.messages import bot_usage, inbox, outbox, outcomes
from storage.people import people
from storage.places import places

_TOGETHER = timedelta(minutes=2)  # failures within this time share a message


def tell_of_failures(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Report how many messages could not be handled, or update the count in a waiting message.

    At most once a day: failures after that day's message are reported the next morning. A message
    that had to wait for the morning counts for the day of that morning.
    """
    zone = deployment.zone
    text = sentence("operating.failed", zone, count=inbox.failed_count(tx))
    today = next_daytime(now + _TOGETHER, zone)
    tomorrow = next_daytime(end_of_day(today, zone), zone)
    for person in operators_by_setting(tx, deployment):
        for when in (now, today, tomorrow):
            key = _once("failed", day=local_day(when, zone))
            stored = str(key(person.id))
            there = outbox.messages_by_key(tx, [stored]).get(stored)
            if there is not None and there.state == "waiting":
                payload = text(texts_of(person.language)).to_json()
                outbox.replace_waiting(tx, [replace(there, payload=payload)])
                break
            if there is None and when is not now:
                message = Notification(text, priority=BEFORE_REMINDERS, not_before=when, key=key)
                message.put_in(tx, [person], now, zone)
                break


def tell_of_rival(tx: Connection, now: datetime, deployment: Deployment) -> None:
    """Report at most once a day that another program takes the bot's messages."""
    zone = deployment.zone
    key = _once("rival", day=local_day(next_daytime(now, zone), zone))
    text = sentence("operating.rival", zone)
    message = Notification(text, priority=BEFORE_REMINDERS, key=key)
    message.put_in(tx, operators_by_setting(tx, deployment), now, zone)


def tell_of_files(
    tx: Connection, files: Mapping[str, str], key: str, now: datetime, deployment: Deployment
) -> None:
    """Report which files could not be read and are ignored, by the sentence of `key`.

    `files`: by name, with a text that identifies the problem; each is reported once.
    """
    zone, operators = deployment.zone, operators_by_setting(tx, deployment)
    for file, mark in sorted(files.items()):
        text = sentence(key, zone, file=file)
        Notification(text, key=_once("aside", mark)).put_in(tx, operators, now, zone)


def _once(sort: str, *about: str, day: date | None = None) -> Callable[[int], DedupeKey]:
    return lambda person_id: DedupeKey(sort, (person_id, *about), day)


# --- the monthly plan of a bot is nearly used up --------------------------------------------------


_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class PlanUse:
    """The messages of a commune's bot in a month ("2026-11"), and how many its plan allows."""

    bot: str
    commune: str
    month: str
    sent: int
    most: int


def tell_of_plan(tx: Connection, plan: PlanUse, now: datetime, deployment: Deployment) -> None:
    """Tell the officers once a month, and on each day with people who can't get messages."""
    names = outcomes.names_waiting_for(tx, plan.bot, "quota")
    first = bot_usage.mark_announced(tx, plan.bot, plan.month, now)
    commune = places.commune_by(tx, plan.commune)
    if commune is None or not (first or names):
        return
    officers = [one.person for one in people.people_of_commune(tx, commune.id, "officer")]
    day = local_day(next_daytime(now, deployment.zone), deployment.zone)

    def screen(texts: Texts) -> Screen:
        lines = [texts.say("quota.nearly", sent=plan.sent, most=plan.most)]
        if names:
            listed = ", ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
            lines.append(texts.say("quota.waiting", names=listed))
        return Screen("\n\n".join(lines))

    message = Notification(screen, PlanUsed, BEFORE_REMINDERS, key=_once("plan", day=day))
    message.put_in(tx, officers, now, deployment.zone)
