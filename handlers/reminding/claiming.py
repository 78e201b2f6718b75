"""Taking messages out of the outbox: each one's reason is checked again, then it is worded.

Claim, check and wording are one transaction, so nobody is reminded of what is done already.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, waking
from handlers.house import House
from handlers.noticing.sending import no_longer
from handlers.reminding import again, asking, gathering
from handlers.reminding.checking import Dropped, Evening, Looked, Part, ToReport, checked
from handlers.reminding.reasons import KIND, WRITTEN, Reasons, key_of_day
from handlers.reminding.wording import reminder_screen
from handlers.screen_json import to_json
from handlers.texts import texts_of
from storage import evenings, outbox
from storage.errors import translate
from storage.group_commit import savepoint
from storage.outbox import Outgoing

_MOST_LOOKED_AT = 10  # in one transaction; what is dropped costs time as well
# What nobody has just asked for is held at night, and while the clock is doubtful; answers to
# somebody are not.
MASS = frozenset({KIND, WRITTEN, again.AGAIN, *gathering.KINDS})


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
    tx: Connection, now: datetime, limit: int, held: Collection[str] = (), *, house: House
) -> Claimed:
    """Take up to `limit` messages that are due and are still to be said, worded as they go out.

    Those of the kinds `held` go on waiting.
    """
    looked = Looked(now, house)
    to_send: list[Outgoing] = []
    others: list[int] = []
    bugs: list[NotWorded] = []
    while len(to_send) < limit and len(to_send) + len(others) < _MOST_LOOKED_AT:
        rows = outbox.claim(tx, now, limit - len(to_send), held)
        if not rows:
            break
        for row in rows:
            worded = _worded_or_set_aside(tx, row, looked, bugs)
            if worded is not None:
                to_send.append(worded)
            else:
                others.append(row.id)
    return Claimed(to_send, outbox.ended(tx, others), tuple(bugs))


def _worded_or_set_aside(
    tx: Connection, row: Outgoing, looked: Looked, bugs: list[NotWorded]
) -> Outgoing | None:
    """The worded message; one that can't be worded is set aside, so that it stops no other.

    Nothing stays of what it had written by then.
    """
    try:
        with savepoint(tx):
            return _to_send(tx, row, looked)
    except Exception as error:
        if translate(error) is not None:  # the database's own trouble: all are tried again
            raise
        bugs.append(NotWorded(row.id, row.kind, error))
    outbox.finish(tx, row.id, "failed", looked.now, f"bug: {type(bugs[-1].error).__name__}")
    return None


def _to_send(tx: Connection, row: Outgoing, looked: Looked) -> Outgoing | None:
    """The message with its screen as JSON; None when it is dropped or has to wait."""
    now, zone = looked.now, looked.house.zone
    morning = waking(now, zone)
    if row.kind in MASS and morning > now:
        _wait_until(tx, row, morning, looked)
        return None
    if row.kind in gathering.KINDS:
        payload = gathering.worded(tx, row, looked)
        return replace(row, payload=payload) if payload is not None else None
    if row.kind == again.AGAIN:
        return again.worded(tx, row, looked)
    if row.kind == WRITTEN and (why := no_longer(tx, row, now)):
        outbox.finish(tx, row.id, "dropped", now, why)
        return None
    if row.kind != KIND:
        return row
    return _worded(tx, row, looked)


def _worded(tx: Connection, row: Outgoing, looked: Looked) -> Outgoing | None:
    parts: list[Part] = []
    dropped: list[Dropped] = []
    for reason in Reasons.model_validate_json(row.payload).reasons:
        found = checked(tx, row.person_id, reason, looked)
        if isinstance(found, str):
            dropped.append(found)
        else:
            parts.append(found)
    if not parts:
        outbox.finish(tx, row.id, "dropped", looked.now, ",".join(dict.fromkeys(dropped)))
        return None
    today = local_day(looked.now, looked.house.zone)
    if not _on_its_day(row, today) and not _moved_to_today(tx, row, looked):
        return None
    questions = [part for part in parts if isinstance(part, Evening)]
    if len(questions) == len(parts):
        return asking.asked(tx, row, questions, looked)
    parts = _without_questions(tx, parts, looked)
    for part in parts:
        if isinstance(part, ToReport) and part.evenings == "over":
            evenings.told_of_end(tx, row.person_id, part.round.id)
    screen = reminder_screen(tx, parts, texts_of(row.language), looked)
    return replace(row, payload=to_json(screen))


def _without_questions(tx: Connection, parts: list[Part], looked: Looked) -> list[Part]:
    """The day's one message says something else: the evening's report is named there too."""
    named = {part.round.id for part in parts if isinstance(part, ToReport)}
    said = [
        asking.as_list(tx, part, looked) if isinstance(part, Evening) else part
        for part in parts
        if not isinstance(part, Evening) or part.round.id not in named
    ]
    return list(said)


def _on_its_day(row: Outgoing, today: date) -> bool:
    """Whether it is still the day (or evening) that the message was for, if it was for one."""
    return row.dedupe_key is None or row.dedupe_key.endswith(f":{today.isoformat()}")


def _moved_to_today(tx: Connection, row: Outgoing, looked: Looked) -> bool:
    """Make it this day's message; False when the person has another one today already."""
    key = key_of_day(row.person_id, local_day(looked.now, looked.house.zone))
    if _folded(tx, row, key, looked):
        return False
    outbox.rekey(tx, row.id, key)
    return True


def _wait_until(tx: Connection, row: Outgoing, morning: datetime, looked: Looked) -> None:
    """Let it wait for the morning; a reminder becomes part of that day's message."""
    if row.kind == KIND and row.dedupe_key is not None:
        key = key_of_day(row.person_id, local_day(morning, looked.house.zone))
        if key != row.dedupe_key:
            if _folded(tx, row, key, looked):
                return
            outbox.rekey(tx, row.id, key)
    outbox.postpone(tx, row.id, morning)


def _folded(tx: Connection, row: Outgoing, key: str, looked: Looked) -> bool:
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
    outbox.finish(tx, row.id, "dropped", looked.now, "another_that_day")
    return True
