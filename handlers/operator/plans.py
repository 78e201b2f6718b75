"""What officers are told when their bot's monthly plan is nearly used up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, waking
from handlers.flow.channel import Screen
from handlers.flow.deployment import Deployment
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import BEFORE_REMINDERS, Notification, PlanUsed
from handlers.texts import Texts
from storage import bot_usage, outbox, people, places

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class PlanUse:
    """The messages of a commune's bot in a month ("2026-11"), and how many its plan has."""

    bot: str
    commune: str
    month: str
    sent: int
    most: int


def tell_of_plan(tx: Connection, plan: PlanUse, now: datetime, deployment: Deployment) -> None:
    """Tell the officers once in a month; and on a day on which somebody isn't reached, who."""
    names = outbox.held_for(tx, plan.bot, "quota")
    first = bot_usage.tell_once(tx, plan.bot, plan.month, now)
    commune = places.commune_by(tx, plan.commune)
    if commune is None or not (first or names):
        return
    officers = [one.person for one in people.people_of_commune(tx, commune.id, "officer")]
    day = local_day(waking(now, deployment.zone), deployment.zone)

    def screen(texts: Texts) -> Screen:
        said = [texts.say("quota.nearly", sent=plan.sent, most=plan.most)]
        if names:
            listed = ", ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
            said.append(texts.say("quota.waiting", names=listed))
        return Screen("\n\n".join(said))

    message = Notification(
        screen, PlanUsed, BEFORE_REMINDERS, key=lambda one: DedupeKey("plan", (one,), day)
    )
    message.put_in(tx, officers, now, deployment.zone)
