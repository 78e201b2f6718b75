"""Taking messages out of the outbox: each one's reason is checked again, then it is worded.

Claim, check and wording are one transaction, so nobody is reminded of what is done already.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, waking
from handlers.announcements.check import no_longer
from handlers.flow.deployment import Deployment
from handlers.flow.screen_json import to_json
from handlers.reminders import after_outage, evening_question, report_news
from handlers.reminders.checking import ClaimCache, Dropped, Evening, Part, ToReport, checked
from handlers.reminders.reasons import KIND, WRITTEN, Reasons, key_of_day
from handlers.reminders.wording import reminder_screen
from handlers.texts import texts_of
from storage import evenings, outbox
from storage.engine.group_commit import savepoint
from storage.errors import translate
from storage.outbox import Outgoing

_MOST_LOOKED_AT = 10  # in one transaction; what is dropped costs time as well
# What nobody has just asked for is held at night, and while the clock is doubtful; answers to
# somebody are not.
BULK = frozenset({KIND, WRITTEN, after_outage.AGAIN, *report_news.KINDS})


@dataclass(frozen=True, slots=True)
class NotWorded:
    """A message that met a bug and has failed."""

    id: int
    kind: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is to be sent; how many others came to their end, by state; the bugs that were met."""

    to_send: list[Outgoing]
    ended: Mapping[str, int]
    bugs: tuple[NotWorded, ...] = ()


def claim(
    tx: Connection, now: datetime, limit: int, held: Collection[str] = (), *, deployment: Deployment
) -> Claimed:
    """Take up to `limit` messages that are due and are still to be said, worded as they go out.

    Those of the kinds `held` go on waiting.
    """
    cache = ClaimCache(now, deployment)
    to_send: list[Outgoing] = []
    others: list[int] = []
    bugs: list[NotWorded] = []
    while len(to_send) < limit and len(to_send) + len(others) < _MOST_LOOKED_AT:
        rows = outbox.claim(tx, now, limit - len(to_send), held)
        if not rows:
            break
        for row in rows:
            worded = _worded_or_set_aside(tx, row, cache, bugs)
            if worded is not None:
                to_send.append(worded)
            else:
                others.append(row.id)
    return Claimed(to_send, outbox.ended(tx, others), tuple(bugs))


def _worded_or_set_aside(
    tx: Connection, row: Outgoing, cache: ClaimCache, bugs: list[NotWorded]
) -> Outgoing | None:
    """The worded message; one that can't be worded is set aside, so that it stops no other.

    Nothing stays of what it had written by then.
    """
    try:
        with savepoint(tx):
            return _to_send(tx, row, cache)
    except Exception as error:
        if translate(error) is not None:  # the database's own trouble: all are tried again
            raise
        bugs.append(NotWorded(row.id, row.kind, error))
    outbox.finish(tx, row.id, "failed", cache.now, f"bug: {type(bugs[-1].error).__name__}")
    return None


def _to_send(tx: Connection, row: Outgoing, cache: ClaimCache) -> Outgoing | None:
    """The message with its screen as JSON; None when it is dropped or has to wait."""
    now, zone = cache.now, cache.deployment.zone
    morning = waking(now, zone)
    if row.kind in BULK and morning > now:
        _wait_until(tx, row, morning, cache)
        return None
    if row.kind in report_news.KINDS:
        payload = report_news.worded(tx, row, cache)
        return replace(row, payload=payload) if payload is not None else None
    if row.kind == after_outage.AGAIN:
        return after_outage.worded(tx, row, cache)
    if row.kind == WRITTEN and (why := no_longer(tx, row, now)):
        outbox.finish(tx, row.id, "dropped", now, why)
        return None
    if row.kind != KIND:
        return row
    return _worded(tx, row, cache)


def _worded(tx: Connection, row: Outgoing, cache: ClaimCache) -> Outgoing | None:
    parts: list[Part] = []
    dropped: list[Dropped] = []
    for reason in Reasons.model_validate_json(row.payload).reasons:
        found = checked(tx, row.person_id, reason, cache)
        if isinstance(found, str):
            dropped.append(found)
        else:
            parts.append(found)
    if not parts:
        outbox.finish(tx, row.id, "dropped", cache.now, ",".join(dict.fromkeys(dropped)))
        return None
    today = local_day(cache.now, cache.deployment.zone)
    if not _on_its_day(row, today) and not _moved_to_today(tx, row, cache):
        return None
    questions = [part for part in parts if isinstance(part, Evening)]
    if len(questions) == len(parts):
        return evening_question.asked(tx, row, questions, cache)
    parts = _without_questions(tx, parts, cache)
    for part in parts:
        if isinstance(part, ToReport) and part.evenings == "over":
            evenings.told_of_end(tx, row.person_id, part.round.id)
    screen = reminder_screen(tx, parts, texts_of(row.language), cache)
    return replace(row, payload=to_json(screen))


def _without_questions(tx: Connection, parts: list[Part], cache: ClaimCache) -> list[Part]:
    """The day's one message says something else: the evening's report is named there too."""
    named = {part.round.id for part in parts if isinstance(part, ToReport)}
    said = [
        evening_question.as_list(tx, part, cache) if isinstance(part, Evening) else part
        for part in parts
        if not isinstance(part, Evening) or part.round.id not in named
    ]
    return list(said)


def _on_its_day(row: Outgoing, today: date) -> bool:
    """Whether it is still the day (or evening) that the message was for, if it was for one."""
    return row.dedupe_key is None or row.dedupe_key.endswith(f":{today.isoformat()}")


def _moved_to_today(tx: Connection, row: Outgoing, cache: ClaimCache) -> bool:
    """Make it this day's message; False when the person has another one today already."""
    key = key_of_day(row.person_id, local_day(cache.now, cache.deployment.zone))
    if _folded(tx, row, key, cache):
        return False
    outbox.rekey(tx, row.id, key)
    return True


def _wait_until(tx: Connection, row: Outgoing, morning: datetime, cache: ClaimCache) -> None:
    """Let it wait for the morning; a reminder becomes part of that day's message."""
    if row.kind == KIND and row.dedupe_key is not None:
        key = key_of_day(row.person_id, local_day(morning, cache.deployment.zone))
        if key != row.dedupe_key:
            if _folded(tx, row, key, cache):
                return
            outbox.rekey(tx, row.id, key)
    outbox.postpone(tx, row.id, morning)


def _folded(tx: Connection, row: Outgoing, key: str, cache: ClaimCache) -> bool:
    """Whether that day has a message already, which then says this one's reasons too."""
    other = outbox.placed(tx, [key]).get(key)
    if other is None:
        return False
    if other.state == "dropped":  # so nothing was said on that day
        outbox.give_up_keys(tx, [other.id])
        return False
    if other.state == "waiting":
        held = Reasons.model_validate_json(other.payload)
        for reason in Reasons.model_validate_json(row.payload).reasons:
            held = held.with_reason(reason)
        outbox.fold(tx, [replace(other, payload=held.model_dump_json())])
    outbox.finish(tx, row.id, "dropped", cache.now, "another_that_day")
    return True
