"""After an outage: tells officers that messages may be lost, and shows open questions again.

A messenger stores for some time what people write to an unreachable bot: Telegram for a day, Zalo
does not document it. Older messages are lost silently.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place
from criteria.reminders import next_daytime
from handlers.flow.deployment import Deployment, messenger_name
from handlers.messages.keys import DedupeKey
from handlers.messages.message import Dropped, Message
from handlers.messages.notifications import Notification, sentence
from handlers.operator.communes import operators_by_setting
from handlers.report.screens.screen import report_screen
from handlers.report.view import load_view
from handlers.texts import Html
from storage.conversations import conversations
from storage.messages import outbox
from storage.messages.outbox import Outgoing
from storage.people import people
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds

AGAIN = "again"
LEAST = timedelta(minutes=30)  # a shorter one is a restart: people just write again
_AFTER = timedelta(minutes=10)  # by then the bot has read the messages that had waited
_PRIORITY = -1
_NOT_ASKED = frozenset({"home", "rest"})


@dataclass(frozen=True, slots=True)
class BotOutage:
    """A bot was unreachable since then; `commune` is its code if the bot serves only one."""

    bot: str
    commune: str | None
    since: datetime


def may_have_lost(keeps: timedelta, since: datetime, now: datetime) -> bool:
    """Return whether an outage that ends now may have lost messages."""
    return now - since > max(keeps, LEAST)


def outage_over(tx: Connection, outage: BotOutage, now: datetime, deployment: Deployment) -> None:
    """Tell officers and operators that messages may be lost, and show open questions again.

    An operator gets one message for all bots of a messenger whose outage began at the same time.
    """
    bot, since = outage.bot, outage.since
    until = now - deployment.capabilities(bot).keeps
    text = sentence(
        "outage.told", deployment.zone,
        messenger=lambda texts: messenger_name(bot, texts),
        since=lambda texts: Html(texts.time(since, deployment.zone)),
        until=lambda texts: Html(texts.time(until, deployment.zone)),
    )  # fmt: skip
    messenger, began = deployment.capabilities(bot).messenger, int(since.timestamp())
    message = Notification(text, key=lambda person: DedupeKey("outage", (messenger, person, began)))
    message.put_in(tx, _in_charge(tx, outage, deployment), now, deployment.zone)
    when = next_daytime(now + _AFTER, deployment.zone)
    drafts = [
        outbox.Draft(one.person_id, AGAIN, str(one.revision), when, _PRIORITY)
        for one in conversations.in_open_rounds(tx, bot, now)
        if (place := Place.from_json(one.place)).screen not in _NOT_ASKED
        and not place.alone  # an evening's question is sent on another evening anyway
    ]
    outbox.enqueue_all(tx, drafts, now)


class OpenQuestion(Message):
    """The person's present question, if they have not moved on since the outage."""

    kind = AGAIN
    bulk = True

    def worded(self) -> Outgoing | Dropped:
        """Return the present question; dropped when it has changed or is closed."""
        tx, row, cache = self.tx, self.row, self.cache
        conversation = conversations.conversation_of(tx, row.person_id)
        if conversation is None or conversation.report_id is None:
            return Dropped("moved_on")
        if str(conversation.revision) != row.payload:
            return Dropped("moved_on")
        report = reports.report_by_id(tx, conversation.report_id)
        assert report is not None  # reports are never deleted
        round_ = cache.round(report.round_id)
        if round_ is None or not rounds.was_open(tx, round_, report.unit_id, cache.now):
            return Dropped("closed")
        cache.full = True
        place = Place.from_json(conversation.place)
        roles = people.memberships_of(tx, row.person_id)
        view = load_view(tx, report, row.person_id, roles, place, conversation.revision, cache.now)
        screen = report_screen(tx, view, self.texts, cache.deployment.zone, cache.now)
        screen = replace(screen, text=f"{self.texts.say('outage.again')}\n\n{screen.text}")
        remove_keyboard = conversations.shown_message(tx, row.person_id, row.bot or "", "question")
        return replace(
            self.showing(screen), revision=conversation.revision, remove_keyboard=remove_keyboard
        )


def _in_charge(tx: Connection, outage: BotOutage, deployment: Deployment) -> list[people.Person]:
    """Return the operators, and the officers of the communes that the bot serves."""
    found = operators_by_setting(tx, deployment)
    if outage.commune is None:
        by_role = people.people_with_role(tx, ("officer", "operator"))
    else:
        by_role = people.people_with_role(tx, ("operator",))
        commune = places.commune_by(tx, outage.commune)
        if commune is not None:
            by_role += people.people_of_commune(tx, commune.id, "officer")
    return [*found, *(one.person for one in by_role)]  # some may be twice; `put_in` sends once
