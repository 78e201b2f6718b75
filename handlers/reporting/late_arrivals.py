"""What was written in time and arrives after the deadline or the close: it counts as written.

The rest of such a report can be confirmed and sent for a day; the result at the deadline is made
again, and the officers are told.
"""

from datetime import timedelta

from criteria.reminders import waking
from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.reporting.desk import Desk
from handlers.reporting.wording import unit_text
from handlers.screen_json import to_json
from handlers.status.loading import picture_of
from handlers.status.machine import status_fields
from handlers.texts import Html, texts_of
from handlers.turn import Turn
from storage import conversations, deadline_results, outbox, people, rounds

GRACE = timedelta(hours=24)


def give_grace(turn: Turn, desk: Desk) -> None:
    """Let what was written before the close be confirmed and sent for a day from now."""
    if turn.incoming.written_at is None or turn.said_at >= desk.round.closes_at:
        return
    if not rounds.is_open(turn.tx, desk.round, desk.unit.id, turn.now):
        conversations.give_grace(turn.tx, turn.person.id, turn.now + GRACE)


def changed(turn: Turn, desk: Desk) -> None:
    """After a change: bring the result at the deadline up to date, and tell the officers."""
    round_ = desk.round
    closed = not rounds.is_open(turn.tx, round_, desk.unit.id, turn.now)
    passed = turn.said_at <= round_.deadline < turn.now
    if passed and deadline_results.kept(turn.tx, round_) is not None:
        picture = picture_of(turn.tx, round_, turn.now, at=round_.deadline)
        deadline_results.keep(turn.tx, round_, status_fields(picture))
    if closed or passed:
        _tell_officers(turn, desk)


def _tell_officers(turn: Turn, desk: Desk) -> None:
    """One message for each report and day to each officer of the commune."""
    day = turn.now.astimezone(turn.house.zone).date().isoformat()
    for one in people.people_of_commune(turn.tx, desk.unit.commune_id, "officer"):
        if one.person.address is None or one.person.id == turn.person.id:
            continue
        texts = texts_of(one.person.language)
        text = texts.say(
            "late.arrived",
            unit=unit_text(desk.unit, texts),
            round=desk.round.name,
            when=Html(texts.time(turn.said_at, turn.house.zone)),
        )
        look = Button(texts.say("review.button"), pack("v.one", desk.report.id))
        outbox.enqueue(
            turn.tx,
            one.person.id,
            "notice",
            to_json(Screen(text, ((look,),))),
            turn.now,
            not_before=waking(turn.now, turn.house.zone),
            dedupe_key=f"late_arrival:{desk.report.id}:{one.person.id}:{day}",
        )
