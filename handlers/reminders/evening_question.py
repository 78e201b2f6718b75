"""The question of an evening goes out: it is the person's present one, as in the report.

Claimed at the evening's hour; nobody who is busy with the bot at that moment is interrupted.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place, evening_place
from criteria.reminders import local_day, waking
from handlers.flow.asked_screen import from_json
from handlers.flow.channel import TELEGRAM
from handlers.flow.screen_json import to_json
from handlers.reminders.checking import ClaimCache, Evening, ToReport
from handlers.reminders.reasons import key_of_evening
from handlers.reminders.wording import reminder_screen
from handlers.report.screen import asks_of, report_screen
from handlers.report.view import load_view
from handlers.texts import texts_of
from storage import asks, conversations, outbox, reports
from storage.conversations import Conversation
from storage.outbox import Outgoing

UNDISTURBED = timedelta(minutes=10)  # after the last reply nothing else is asked


def asked(
    tx: Connection, row: Outgoing, parts: list[Evening], cache: ClaimCache
) -> Outgoing | None:
    """The row with its question; None when it is dropped or has to wait."""
    if row.unreachable or row.channel != TELEGRAM:  # nobody would see it
        return row
    if cache.now < parts[0].at:
        outbox.put_back(tx, [row.id], parts[0].at)
        return None
    key = key_of_evening(row.person_id, local_day(cache.now, cache.deployment.zone))
    asked_for = outbox.placed(tx, [key]).get(key)  # "nhắc lại tối nay"
    if asked_for is not None and asked_for.state != "dropped":
        outbox.finish(tx, row.id, "dropped", cache.now, "another_that_day")
        return None
    free = _busy_until(tx, row.person_id)
    if free is not None and free > cache.now:
        if waking(free, cache.deployment.zone) > free:
            outbox.finish(tx, row.id, "dropped", cache.now, "busy")
        else:
            outbox.put_back(tx, [row.id], free)
        return None
    parts = sorted(parts, key=lambda part: part.round.deadline)
    found = (_question(tx, row, part, unit, cache) for part in parts for unit in part.units)
    question = next((one for one in found if one is not None), None)
    if question is not None:
        return question
    complete = [as_list(tx, part, cache) for part in parts]
    screen = reminder_screen(tx, list(complete), texts_of(row.language), cache)
    return replace(row, payload=to_json(screen))


def as_list(tx: Connection, part: Evening, cache: ClaimCache) -> ToReport:
    """The same reports in the words of a reminder."""
    return ToReport(part.round, part.units, cache.result(tx, part.round), evenings="go_on")


def _busy_until(tx: Connection, person_id: int) -> datetime | None:
    """Until when somebody who has just been replied to is left alone."""
    kept = conversations.conversation_of(tx, person_id)
    seen = [row.shown_at for row in asks.recent(tx, person_id) if _beside(row)][-1:]
    if kept is not None and not _still_to_come(kept):
        seen.append(kept.touched_at)
    return max(seen) + UNDISTURBED if seen else None


def _beside(row: asks.Ask) -> bool:
    """Whether it is a screen beside a report, which somebody looked at."""
    return from_json(row.content).report is None


def _still_to_come(kept: Conversation) -> bool:
    """Whether the place is that of an evening's question which was claimed and put back."""
    place = Place.from_json(kept.place)
    return place.alone and place.screen == "ask" and kept.shown_revision < kept.revision


def _question(
    tx: Connection, row: Outgoing, part: Evening, unit_id: int, cache: ClaimCache
) -> Outgoing | None:
    """The area's next open question, where typed answers go from now on; None: none is open."""
    report = reports.start_report(tx, part.round.id, unit_id, cache.now)
    view = load_view(tx, report, row.person_id, Place(), 0, cache.now)
    kept = conversations.conversation_of(tx, row.person_id)
    same = kept is not None and kept.report_id == report.id
    before = Place.from_json(kept.place) if kept is not None and same else Place()
    place = evening_place(before, view.questions)
    if place is None or not view.writable:
        return None
    revision = conversations.save_place(tx, row.person_id, report.id, place.to_json(), cache.now)
    view = replace(view, place=place, revision=revision)
    screen = report_screen(tx, view, texts_of(row.language), cache.deployment.zone, cache.now)
    strip = conversations.shown_message(tx, row.person_id, "question")
    return replace(
        row,
        payload=to_json(screen),
        revision=revision,
        strip=strip,
        asks=asks_of(view, screen),
    )
