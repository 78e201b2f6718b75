"""After an outage of more than a day: a question that was open all the time is shown once more.

Telegram keeps what people write for a day only, so an answer may have been lost without a word.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place
from criteria.reminders import waking
from handlers.flow.deployment import Deployment
from handlers.messages.message import Dropped, Message
from handlers.messages.notifications import Notification, sentence
from handlers.operator.communes import operators_by_setting
from handlers.report.screen import report_screen
from handlers.report.view import load_view
from handlers.texts import Html
from storage import conversations, outbox, people, reports, rounds
from storage.outbox import Outgoing

AGAIN = "again"
KEPT = timedelta(hours=24)  # how long Telegram keeps what it can't deliver
_AFTER = timedelta(minutes=10)  # by then all is read that came when the outage ended
_PRIORITY = -1
_NOT_ASKED = frozenset({"home", "rest"})


def outage_over(
    tx: Connection, bot: str, since: datetime, now: datetime, deployment: Deployment
) -> None:
    """Tell officers and operators what may be missing, and let open questions be shown again."""
    until = now - KEPT
    text = sentence(
        "outage.told", deployment.zone,
        since=lambda texts: Html(texts.time(since, deployment.zone)),
        until=lambda texts: Html(texts.time(until, deployment.zone)),
    )  # fmt: skip
    Notification(text).put_in(tx, _those_in_charge(tx, deployment), now, deployment.zone)
    when = waking(now + _AFTER, deployment.zone)
    drafts = [
        outbox.Draft(one.person_id, AGAIN, str(one.revision), when, _PRIORITY)
        for one in conversations.in_open_rounds(tx, bot, now)
        if (place := Place.from_json(one.place)).screen not in _NOT_ASKED
        and not place.alone  # an evening's question comes on another evening anyway
    ]
    outbox.enqueue_all(tx, drafts, now)


class OpenQuestion(Message):
    """The person's present question, if they have not moved on since the outage."""

    kind = AGAIN
    bulk = True

    def worded(self) -> Outgoing | Dropped:
        """The question as it stands now."""
        tx, row, cache = self.tx, self.row, self.cache
        kept = conversations.conversation_of(tx, row.person_id)
        if kept is None or kept.report_id is None or str(kept.revision) != row.payload:
            return Dropped("moved_on")
        report = reports.report_by_id(tx, kept.report_id)
        assert report is not None  # reports are never deleted
        round_ = cache.round(report.round_id)
        if round_ is None or not rounds.was_open(tx, round_, report.unit_id, cache.now):
            return Dropped("closed")
        cache.full = True
        place = Place.from_json(kept.place)
        roles = people.memberships_of(tx, row.person_id)
        view = load_view(tx, report, row.person_id, roles, place, kept.revision, cache.now)
        screen = report_screen(tx, view, self.texts, cache.deployment.zone, cache.now)
        screen = replace(screen, text=f"{self.texts.say('outage.again')}\n\n{screen.text}")
        remove_keyboard = conversations.shown_message(tx, row.person_id, row.bot or "", "question")
        return replace(
            self.showing(screen), revision=kept.revision, remove_keyboard=remove_keyboard
        )


def _those_in_charge(tx: Connection, deployment: Deployment) -> list[people.Person]:
    by_role = [one.person for one in people.people_with_role(tx, ("officer", "operator"))]
    return [*operators_by_setting(tx, deployment), *by_role]  # told once, whoever stands twice
