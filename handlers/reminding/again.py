"""After an outage of more than a day: a question that was open all the time is shown once more.

Telegram keeps what people write for a day only, so an answer may have been lost without a word.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place
from criteria.reminders import waking
from handlers.channel import TELEGRAM
from handlers.house import House
from handlers.reminding.checking import Looked
from handlers.reporting.desk import lay_out
from handlers.reporting.showing import desk_screen
from handlers.screen_json import to_json
from handlers.telling import tell
from handlers.texts import Html, texts_of
from storage import conversations, outbox, people, reports
from storage.outbox import Outgoing

AGAIN = "again"
KEPT = timedelta(hours=24)  # how long Telegram keeps what it can't deliver
_AFTER = timedelta(minutes=10)  # by then all is read that came when the outage ended
_PRIORITY = -1
_NOT_ASKED = frozenset({"home", "rest"})


def outage_over(tx: Connection, since: datetime, now: datetime, house: House) -> None:
    """Tell officers and operators what may be missing, and let open questions be shown again."""
    until = now - KEPT
    for person in _those_in_charge(tx, house):
        texts = texts_of(person.language)
        tell(
            tx, person.id, "outage.told", now, house.zone,
            since=Html(texts.time(since, house.zone)), until=Html(texts.time(until, house.zone)),
        )  # fmt: skip
    when = waking(now + _AFTER, house.zone)
    drafts = [
        outbox.Draft(one.person_id, AGAIN, str(one.revision), when, _PRIORITY)
        for one in conversations.in_open_rounds(tx, TELEGRAM, now)
        if _is_asked(Place.from_json(one.place))
    ]
    outbox.enqueue_all(tx, drafts, now)


def worded(tx: Connection, row: Outgoing, looked: Looked) -> Outgoing | None:
    """The row with the person's present question; None when they have moved on since."""
    kept = conversations.conversation_of(tx, row.person_id)
    if kept is None or kept.report_id is None or str(kept.revision) != row.payload:
        outbox.finish(tx, row.id, "dropped", looked.now, "moved_on")
        return None
    report = reports.report_by_id(tx, kept.report_id)
    assert report is not None  # reports are never deleted
    place = Place.from_json(kept.place)
    desk = lay_out(tx, report, row.person_id, place, kept.revision, looked.now)
    if not desk.writable:
        outbox.finish(tx, row.id, "dropped", looked.now, "closed")
        return None
    texts = texts_of(row.language)
    screen = desk_screen(tx, desk, texts, looked.house.zone, looked.now)
    screen = replace(screen, text=f"{texts.say('outage.again')}\n\n{screen.text}")
    strip = conversations.shown_message(tx, row.person_id, "question")
    return replace(row, payload=to_json(screen), revision=kept.revision, strip=strip)


def _those_in_charge(tx: Connection, house: House) -> list[people.Person]:
    by_setting = (people.find_person(tx, TELEGRAM, one) for one in sorted(house.operator_ids))
    by_role = (one.person for one in people.people_with_role(tx, ("officer", "operator")))
    found = {one.id: one for one in (*by_setting, *by_role) if one is not None}
    return list(found.values())


def _is_asked(place: Place) -> bool:
    """Whether something is asked there; an evening's question comes on another evening anyway."""
    return place.screen not in _NOT_ASKED and not place.alone
