"""What was written in time and arrives after the deadline or the close: it counts as written.

The rest of such a report can be confirmed and sent for a day; the result at the deadline is made
again, and the officers are told.
"""

from dataclasses import dataclass
from datetime import timedelta

from criteria.reminders import local_day
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import Notification, officers_told
from handlers.report.view import ReportView
from handlers.report.wording import unit_text
from handlers.status.loading import load_status
from handlers.status.machine import status_fields
from handlers.texts import Html, Texts
from storage import conversations, deadline_results, rounds

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
        told = LateArrival(view, context)
        officers = officers_told(context, view.unit.commune_id)
        told.put_in(context.tx, officers, context.now, context.deployment.zone)


@dataclass(frozen=True, slots=True)
class LateArrival(Notification):
    """Something written in time arrived late: told to each officer once a day for each report."""

    view: ReportView
    context: Context

    def key(self, person_id: int) -> DedupeKey:
        """The report, the officer and the day."""
        day = local_day(self.context.now, self.context.deployment.zone)
        return DedupeKey("late_arrival", (self.view.report.id, person_id), day)

    def screen(self, texts: Texts) -> Screen:
        """Which report, when it was written, and the way to it."""
        text = texts.say(
            "late.arrived",
            unit=unit_text(self.view.unit, texts),
            round=self.view.round.name,
            when=Html(texts.time(self.context.said_at, self.context.deployment.zone)),
        )
        look = Button(texts.say("review.button"), pack("v.one", self.view.report.id))
        return Screen(text, ((look,),))
