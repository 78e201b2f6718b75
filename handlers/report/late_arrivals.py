"""What was written in time and arrives after the deadline or the close: it counts as written.

The rest of such a report can be confirmed and sent for a day; the result at the deadline is made
again, and the officers are told.
"""

from datetime import timedelta

from criteria.reminders import waking
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.screen_json import to_json
from handlers.report.view import ReportView
from handlers.report.wording import unit_text
from handlers.status.loading import load_status
from handlers.status.machine import status_fields
from handlers.texts import Html, texts_of
from storage import conversations, deadline_results, outbox, people, rounds

GRACE = timedelta(hours=24)


def give_grace(context: Context, view: ReportView) -> None:
    """Let what was written before the close be confirmed and sent for a day from now."""
    if context.incoming.written_at is None or context.said_at >= view.round.closes_at:
        return
    if not rounds.is_open(context.tx, view.round, view.unit.id, context.now):
        conversations.give_grace(context.tx, context.person.id, context.now + GRACE)


def changed(context: Context, view: ReportView) -> None:
    """After a change: bring the result at the deadline up to date, and tell the officers."""
    round_ = view.round
    closed = not rounds.is_open(context.tx, round_, view.unit.id, context.now)
    passed = context.said_at <= round_.deadline < context.now
    if passed and deadline_results.kept(context.tx, round_) is not None:
        status = load_status(context.tx, round_, context.now, at=round_.deadline)
        deadline_results.keep(context.tx, round_, status_fields(status))
    if closed or passed:
        _tell_officers(context, view)


def _tell_officers(context: Context, view: ReportView) -> None:
    """One message for each report and day to each officer of the commune."""
    day = context.now.astimezone(context.deployment.zone).date().isoformat()
    for one in people.people_of_commune(context.tx, view.unit.commune_id, "officer"):
        if one.person.address is None or one.person.id == context.person.id:
            continue
        texts = texts_of(one.person.language)
        text = texts.say(
            "late.arrived",
            unit=unit_text(view.unit, texts),
            round=view.round.name,
            when=Html(texts.time(context.said_at, context.deployment.zone)),
        )
        look = Button(texts.say("review.button"), pack("v.one", view.report.id))
        outbox.enqueue(
            context.tx,
            one.person.id,
            "notice",
            to_json(Screen(text, ((look,),))),
            context.now,
            not_before=waking(context.now, context.deployment.zone),
            dedupe_key=f"late_arrival:{view.report.id}:{one.person.id}:{day}",
        )
