"""After an outage of more than a day: a question that was open all the time is shown once more.

Telegram keeps what people write for a day only, so an answer may have been lost without a word.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place
from criteria.reminders import waking
from handlers.flow.channel import TELEGRAM
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.messages.notifications import tell
from handlers.reminders.checking import ClaimCache
from handlers.report.screen import report_screen
from handlers.report.view import load_view
from handlers.texts import Html, texts_of
from storage import conversations, outbox, people, reports
from storage.outbox import Outgoing

AGAIN = "again"
KEPT = timedelta(hours=24)  # how long Telegram keeps what it can't deliver
_AFTER = timedelta(minutes=10)  # by then all is read that came when the outage ended
_PRIORITY = -1
_NOT_ASKED = frozenset({"home", "rest"})


def outage_over(tx: Connection, since: datetime, now: datetime, deployment: Deployment) -> None:
    """Tell officers and operators what may be missing, and let open questions be shown again."""
    until = now - KEPT
    for person in _those_in_charge(tx, deployment):
        texts = texts_of(person.language)
        tell(
            tx, person.id, "outage.told", now, deployment.zone,
            since=Html(texts.time(since, deployment.zone)),
            until=Html(texts.time(until, deployment.zone)),
        )  # fmt: skip
    when = waking(now + _AFTER, deployment.zone)
    drafts = [
        outbox.Draft(one.person_id, AGAIN, str(one.revision), when, _PRIORITY)
        for one in conversations.in_open_rounds(tx, TELEGRAM, now)
        if _is_asked(Place.from_json(one.place))
    ]
    outbox.enqueue_all(tx, drafts, now)


def worded(tx: Connection, row: Outgoing, cache: ClaimCache) -> Outgoing | None:
    """The row with the person's present question; None when they have moved on since."""
    kept = conversations.conversation_of(tx, row.person_id)
    if kept is None or kept.report_id is None or str(kept.revision) != row.payload:
        outbox.finish(tx, row.id, "dropped", cache.now, "moved_on")
        return None
    report = reports.report_by_id(tx, kept.report_id)
    assert report is not None  # reports are never deleted
    place = Place.from_json(kept.place)
    view = load_view(tx, report, row.person_id, place, kept.revision, cache.now)
    if not view.writable:
        outbox.finish(tx, row.id, "dropped", cache.now, "closed")
        return None
    texts = texts_of(row.language)
    screen = report_screen(tx, view, texts, cache.deployment.zone, cache.now)
    screen = replace(screen, text=f"{texts.say('outage.again')}\n\n{screen.text}")
    strip = conversations.shown_message(tx, row.person_id, "question")
    return replace(row, payload=to_json(screen), revision=kept.revision, strip=strip)


def _those_in_charge(tx: Connection, deployment: Deployment) -> list[people.Person]:
    by_setting = (people.find_person(tx, TELEGRAM, one) for one in sorted(deployment.operator_ids))
    by_role = (one.person for one in people.people_with_role(tx, ("officer", "operator")))
    found = {one.id: one for one in (*by_setting, *by_role) if one is not None}
    return list(found.values())


def _is_asked(place: Place) -> bool:
    """Whether something is asked there; an evening's question comes on another evening anyway."""
    return place.screen not in _NOT_ASKED and not place.alone
