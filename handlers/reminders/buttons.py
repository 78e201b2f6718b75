"""The buttons of a reminder (later, tomorrow, mute), and "⏰ Nhắc" of officers and leaders."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from criteria.reminders import USUAL_HOUR, local_day, next_daytime
from handlers.flow import navigation
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button, Reply
from handlers.flow.commands import is_phrase, phrase
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import READER, WRITER
from handlers.flow.routes import Next, action
from handlers.messages.keys import key_of_evening
from handlers.reminders.planning import KIND, Reasons, ReminderReason, ScheduledMessage, schedule
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html
from storage.messages import outbox
from storage.people import reporters
from storage.reminders import nudges, reminder_plans
from storage.reminders.reminder_plans import ResponsiblePerson
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round

EVENING_HOUR = time(19)
APART = timedelta(hours=12)  # between two nudges of one person
_PRIORITY = 5  # before the scheduled reminders: a person asked for it
_NAMES_LENGTH = 300


def _own(context: Context, round_: Round) -> bool:
    """Return whether a round takes reports and the person is responsible for one of them."""
    return round_.takes_reports(context.now) and bool(
        reminder_plans.tasks_of_person(context.tx, round_.id, context.person.id)
    )


OwnRound = Annotated[Round, by_id(rounds.round_by_id, _own)]
# A round of a commune whose officer or leader the person is.
ReadableRound = Annotated[
    Round, by_id(rounds.round_by_id, lambda context, one: one.commune_id in context.communes_read)
]


@action("r.mute", right=WRITER)
def mute(context: Context, round: OwnRound) -> Reply:
    """Stop the person's reminders of this round."""
    reminder_plans.mute(context.tx, context.person.id, round.id, context.now)
    again = unmute.button(context.texts, "remind.button.unmute", round)
    return _confirmed(context, "remind.muted", round, again)


@action("r.unmute", right=WRITER)
def unmute(context: Context, round: OwnRound) -> Reply:
    """Send the person reminders of this round again."""
    reminder_plans.unmute(context.tx, context.person.id, round.id)
    return _confirmed(context, "remind.unmuted", round)


@action("r.evening", right=WRITER)
def this_evening(context: Context, round: OwnRound) -> Next | Reply | None:
    """Remind once more at 19:00; after that hour the next morning."""
    when, day = _at_hour(context, EVENING_HOUR, days=0)
    if when <= context.now:
        return tomorrow.act(context, round)
    key = str(key_of_evening(context.person.id, day))
    if not outbox.messages_by_key(context.tx, [key]):
        reasons = Reasons(reasons=(ReminderReason(round=round.id, part="asked"),))
        draft = outbox.Draft(
            context.person.id, KIND, reasons.model_dump_json(), when, _PRIORITY, key, round.id
        )
        outbox.enqueue_all(context.tx, [draft], context.now)
    return _confirmed(context, "remind.evening", round)


@action("r.tomorrow", right=WRITER)
def tomorrow(context: Context, round: OwnRound) -> Reply:
    """Remind once more in the morning, in one message with the other reasons of that day."""
    when, _ = _at_hour(context, USUAL_HOUR, days=1)
    reason = ReminderReason(round=round.id, part="asked")
    message = ScheduledMessage(context.person.id, when, reason, _PRIORITY)
    schedule(context.tx, [message], context.now, context.deployment)
    return _confirmed(context, "remind.in_the_morning", round)


@phrase()
def typed(context: Context, text: str) -> Reply | None:
    """Do the same for a typed phrase, for every open round of the person's communes."""
    for route in (mute, unmute, this_evening, tomorrow):
        if is_phrase(context, text, f"remind.words.{route.keys[0]}"):
            addresses = [route.at(one) for one in _rounds_of(context)]
            replies = [navigation.press(context, one) for one in addresses]
            return next((one for one in replies if one is not None), None)
    return None


def _rounds_of(context: Context) -> list[Round]:
    communes = {m.commune_id for m in context.memberships if m.role in {"reporter", "officer"}}
    found = rounds.open_rounds_of(context.tx, [c for c in communes if c is not None], context.now)
    return sorted(found, key=lambda one: one.commune_id)


def _at_hour(context: Context, hour: time, *, days: int) -> tuple[datetime, date]:
    """Return the moment of an hour in `days` days, and that day."""
    zone = context.deployment.zone
    day = local_day(context.now, zone) + timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC), day


def _confirmed(context: Context, key: str, round_: Round, *more: Button) -> Reply:
    page = ScreenBuilder(context).say(key, round=round_text(round_, context.texts)).row(*more)
    return context.shows(page.button("button.report", to("rep")).screen())


# --- officers and leaders remind the areas whose reports are missing ------------------------------


@action("r.nudge", right=READER)
def nudge(context: Context, round: ReadableRound) -> Reply:
    """Remind everybody of the areas whose reports are missing, except those reminded recently."""
    if not round.takes_reports(context.now):
        closed = context.texts.say("nudge.closed", round=round_text(round, context.texts))
        return _result(context, round, [closed])
    tasks = [
        task
        for task in reminder_plans.tasks_of_round(context.tx, round.id)
        if not (task.is_in or task.office) and task.person_id != context.person.id
    ]
    willing = {task.person_id for task in tasks if not task.muted}
    recent = nudges.last_nudges(context.tx, willing, context.now - APART)
    whom = willing - recent.keys()
    when = next_daytime(context.now, context.deployment.zone)
    reasons = Reasons(reasons=(ReminderReason(round=round.id, part="nudge"),)).model_dump_json()
    drafts = [
        outbox.Draft(one, KIND, reasons, when, _PRIORITY, None, round.id) for one in sorted(whom)
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)
    nudges.record(context.tx, whom, when)
    return _result(context, round, _result_lines(context, round, tasks, whom, recent, when))


def _result_lines(
    context: Context, round_: Round, tasks: list[ResponsiblePerson], whom: set[int],
    recent: dict[int, datetime], when: datetime,
) -> list[str]:  # fmt: skip
    """Return the lines on how many are reminded, when, and which areas can't be reached."""
    texts, zone = context.texts, context.deployment.zone
    lines: list[str] = []
    if whom:
        areas = {task.unit_id for task in tasks if task.person_id in whom}
        lines.append(texts.say("nudge.done", people=len(whom), areas=len(areas)))
        if when > context.now:
            lines.append(texts.say("nudge.in_the_morning", when=Html(texts.time(when, zone))))
    if recent:
        again = Html(texts.time(min(recent.values()) + APART, zone))
        lines.append(texts.say("nudge.recent", people=len(recent), when=again))
    muted = {task.person_id for task in tasks if task.muted}
    if muted:
        lines.append(texts.say("nudge.muted", people=len(muted)))
    alone = _areas_without_people(context, round_)
    if alone:
        names = texts.listed(alone, most=_NAMES_LENGTH)
        lines.append(texts.say("nudge.nobody", count=len(alone), names=names))
    return lines or [texts.say("nudge.nobody_late")]


def _areas_without_people(context: Context, round_: Round) -> list[str]:
    """Return the areas whose reports are missing and that nobody has joined."""
    empty = set(reporters.units_without_members(context.tx, round_.id))
    started = reports.reports_of_round(context.tx, round_.id)
    empty -= {unit for unit, report in started.items() if report.is_in}
    return [
        context.texts.unit(one)
        for one in rounds.units_of_round(context.tx, round_.id)
        if one.id in empty
    ]


def _result(context: Context, round_: Round, lines: list[str]) -> Reply:
    page = ScreenBuilder(context).line(*lines)
    return context.shows(page.button("status.button.overview", to("s.full", round_.id)).screen())
