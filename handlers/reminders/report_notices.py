"""Messages to officers about reports: late and repeated ones each hour, and when all are in."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from criteria.reminders import next_daytime
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.messages.keys import DedupeKey
from handlers.messages.message import Dropped, Message
from handlers.messages.notifications import other_officers
from handlers.rounds.criteria_sets import round_text
from handlers.status.lines import reports_lines, totals_line
from handlers.texts import Html
from storage.messages import outbox
from storage.messages.outbox import Outgoing
from storage.places import places
from storage.reports import reports
from storage.reports.reports import Report
from storage.rounds import rounds
from storage.rounds.rounds import Round

_PRIORITY = -1
_MOST_LISTED = 20


class _Period(BaseModel):
    """The payload of `LateReports`: the reports that were sent from `since` until `until`."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    since: datetime
    until: datetime


class _ReportNotice(Message):
    """A notice to the people who are officers of the round's commune when it is sent."""

    bulk: ClassVar[bool] = True

    def unwanted(self) -> str | None:
        """Return "left" for a person who is no longer an officer there."""
        round_ = self.cache.round(self.row.round_id or 0)
        officer = round_ is not None and any(
            one.role == "officer" and one.commune_id == round_.commune_id
            for one in self.cache.roles(self.row.person_id)
        )
        return None if officer else "left"

    @property
    def round(self) -> Round:
        """The round that it is about."""
        round_ = self.cache.round(self.row.round_id or 0)
        assert round_ is not None  # else `unwanted` has dropped it
        return round_


class LateReports(_ReportNotice):
    """The late and repeated reports of up to an hour, in one list."""

    kind = "late_reports"

    def worded(self) -> Outgoing | Dropped:
        """Return the present list of those reports; dropped when it is empty."""
        round_, texts = self.round, self.texts
        period = _Period.model_validate_json(self.row.payload)
        units = self.cache.units(round_.id)
        found = [
            (report.sent_at, report)
            for report in self.cache.reports(round_.id).values()
            if report.sent_at is not None and period.since <= report.sent_at < period.until
            and (report.late or report.sends > 1)
        ]  # fmt: skip
        if not found:
            return Dropped("nothing_new")
        found.sort(key=lambda one: one[0])
        page = (
            ScreenBuilder(texts)
            .say("late.title", round=round_text(round_, texts), count=len(found))
            .line()
        )
        for sent_at, report in found[:_MOST_LISTED]:
            key = "late.again" if report.sends > 1 else "late.line"
            when = Html(texts.time(sent_at, self.cache.deployment.zone))
            unit = texts.unit(units[report.unit_id])
            page.say(key, unit=unit, when=when, number=report.sends)
        if len(found) > _MOST_LISTED:
            page.say("late.more", count=len(found) - _MOST_LISTED)
        return self.showing(page.button("review.button", to("v.list", round_.id)).screen())


class AllReportsIn(_ReportNotice):
    """Every area has sent its report."""

    kind = "all_in"

    def worded(self) -> Outgoing | Dropped:
        """Return the round's status; dropped when a report was returned meanwhile."""
        status, texts = self.cache.status(self.round), self.texts
        if status.areas_in < len(status.areas):
            return Dropped("returned")
        page = ScreenBuilder(texts)
        page.say("all_in.title", round=status.round_title(texts), count=len(status.areas))
        page.line("", *reports_lines(status, texts), totals_line(status, texts))
        page.button("button.status", to("s.full", status.id))
        return self.showing(page.button("review.button", to("v.list", status.id)).screen())


def report_sent(context: Context, round_: Round, report: Report) -> None:
    """Tell the officers if the report is late or repeated, or was the last one missing."""
    unit = places.unit(context.tx, report.unit_id)
    officers = [one.id for one in other_officers(context, round_.commune_id)]
    if report.late or report.sends > 1:  # at the next full hour, or in the morning
        hour = context.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        until = next_daytime(hour, context.deployment.zone)
        period = _Period(since=context.done_at, until=until)
        about = (round_.id, until.isoformat())
        _enqueue(context, officers, LateReports, about, until, round_, period.model_dump_json())
    if not unit.office and _all_areas_in(context.tx, round_):
        _enqueue(context, officers, AllReportsIn, (round_.id,), context.now, round_)


def _enqueue(
    context: Context, officers: list[int], message: type[Message], about: tuple[int | str, ...],
    when: datetime, round_: Round, payload: str = "",
) -> None:  # fmt: skip
    keys = {one: str(DedupeKey(message.kind, (*about, one))) for one in officers}
    there = outbox.messages_by_key(context.tx, keys.values())
    drafts = [
        outbox.Draft(person_id, message.kind, payload, when, _PRIORITY, key, round_.id)
        for person_id, key in keys.items()
        if key not in there
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)


def _all_areas_in(tx: Connection, round_: Round) -> bool:
    sent = {
        unit for unit, report in reports.reports_of_round(tx, round_.id).items() if report.is_in
    }
    return all(one.office or one.id in sent for one in rounds.units_of_round(tx, round_.id))
