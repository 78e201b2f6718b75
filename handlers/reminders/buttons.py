"""The buttons of a reminder, and a leader's "⏰ Nhắc": not now, later, no more, remind them."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from criteria.reminders import USUAL_HOUR, local_day, waking
from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.phrases import phrase
from handlers.flow.press import Press, pack
from handlers.reminders.planning import ScheduledMessage, schedule
from handlers.reminders.reasons import KIND, Reason, Reasons, key_of_evening
from handlers.report.wording import unit_text
from handlers.status.view import listed
from handlers.texts import Html, plain
from storage import nudges, outbox, people, reminder_plans, reports, rounds
from storage.reminder_plans import Task
from storage.rounds import Round

EVENING_HOUR = time(19)
APART = timedelta(hours=12)  # between two nudges of one person
_PRIORITY = 5  # before reminders: somebody waits for it
_NAMES_LENGTH = 300
_BY_TYPING = ("r.mute", "r.unmute", "r.evening", "r.tomorrow")


def reminder_press(context: Context, press: Press) -> Reply | None:
    """Do what a button of a reminder says; None when it is for nobody (any more)."""
    round_ = rounds.round_by_id(context.tx, press.number(0) or 0)
    action = ACTIONS.get(press.action)
    if round_ is None or action is None:
        return None
    return action(context, round_)


@phrase()
def reminder_typed(context: Context, text: str) -> Reply | None:
    """The same by typing, for every open round that waits for this person."""
    wanted = plain(text)
    for action in _BY_TYPING:
        words = context.texts.say(f"remind.words.{action}").split("|")
        if wanted and wanted in {plain(word) for word in words}:
            replies = [ACTIONS[action](context, one) for one in _rounds_of(context)]
            return next((one for one in replies if one is not None), None)
    return None


def _rounds_of(context: Context) -> list[Round]:
    communes = {m.commune_id for m in context.memberships if m.role in {"reporter", "officer"}}
    return [
        one
        for commune_id in sorted(c for c in communes if c is not None)
        for one in rounds.open_rounds(context.tx, commune_id, context.now)
    ]


def _mute(context: Context, round_: Round) -> Reply | None:
    if not _concerns(context, round_):
        return None
    reminder_plans.mute(context.tx, context.person.id, round_.id, context.now)
    again = Button(context.texts.say("remind.button.unmute"), pack("r.unmute", round_.id))
    return _shown(context, "remind.muted", round_, again)


def _unmute(context: Context, round_: Round) -> Reply | None:
    if not _concerns(context, round_):
        return None
    reminder_plans.unmute(context.tx, context.person.id, round_.id)
    return _shown(context, "remind.unmuted", round_)


def _evening(context: Context, round_: Round) -> Reply | None:
    """Once more at 19:00; asked for after that hour, the next morning."""
    if not _concerns(context, round_):
        return None
    zone = context.deployment.zone
    day = local_day(context.now, zone)
    when = datetime.combine(day, EVENING_HOUR, tzinfo=zone).astimezone(UTC)
    if when <= context.now:
        return _tomorrow(context, round_)
    key = key_of_evening(context.person.id, day)
    if not outbox.placed(context.tx, [key]):
        reasons = Reasons(reasons=(Reason(round=round_.id, part="asked"),))
        draft = outbox.Draft(
            context.person.id, KIND, reasons.model_dump_json(), when, _PRIORITY, key, round_.id
        )
        outbox.enqueue_all(context.tx, [draft], context.now)
    return _shown(context, "remind.evening", round_)


def _tomorrow(context: Context, round_: Round) -> Reply | None:
    """Once more in the morning, together with what is due then anyway."""
    if not _concerns(context, round_):
        return None
    zone = context.deployment.zone
    day = local_day(context.now, zone) + timedelta(days=1)
    when = datetime.combine(day, USUAL_HOUR, tzinfo=zone).astimezone(UTC)
    reason = Reason(round=round_.id, part="asked")
    schedule(
        context.tx,
        [ScheduledMessage(context.person.id, when, reason, _PRIORITY)],
        context.now,
        context.deployment,
    )
    return _shown(context, "remind.in_the_morning", round_)


def _concerns(context: Context, round_: Round) -> bool:
    """Whether a report of this round, which is open, is the person's business."""
    tasks = reminder_plans.tasks_of_person(context.tx, round_.id, context.person.id)
    return bool(tasks) and round_.state == "open" and context.now < round_.closes_at


def _shown(context: Context, key: str, round_: Round, *more: Button) -> Reply:
    rows = tuple((button,) for button in more)
    rows += ((Button(context.texts.say("button.report"), pack("rep")),),)
    screen = Screen(context.texts.say(key, round=round_.name), rows)
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    return Reply((Shown(screen, edit=pressed),), person=context.person.id)


# --- a leader reminds the areas that are late -----------------------------------------------------


def _nudge(context: Context, round_: Round) -> Reply | None:
    """Remind everybody of the areas that are not in, unless they were reminded just now."""
    if round_.commune_id not in context.communes_read:
        return None
    if round_.state != "open" or context.now >= round_.closes_at:
        return _said(context, round_, [context.texts.say("nudge.closed", round=round_.name)])
    office = next(one.id for one in rounds.units_of_round(context.tx, round_.id) if one.office)
    tasks = [
        task
        for task in reminder_plans.tasks_of_round(context.tx, round_.id)
        if not task.is_in and task.unit_id != office and task.person_id != context.person.id
    ]
    willing = {task.person_id for task in tasks if not task.muted}
    recent = nudges.nudged_since(context.tx, willing, context.now - APART)
    whom = willing - recent.keys()
    when = waking(context.now, context.deployment.zone)
    reasons = Reasons(reasons=(Reason(round=round_.id, part="nudge"),)).model_dump_json()
    drafts = [
        outbox.Draft(one, KIND, reasons, when, _PRIORITY, None, round_.id) for one in sorted(whom)
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)
    nudges.nudged(context.tx, whom, when)
    return _said(context, round_, _told(context, round_, tasks, whom, recent, when))


def _told(
    context: Context, round_: Round, tasks: list[Task], whom: set[int], recent: dict[int, datetime],
    when: datetime,
) -> list[str]:  # fmt: skip
    """What came of it: how many, when, and whom it can't reach."""
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
    alone = _nobody_there(context, round_)
    if alone:
        names = listed(alone, texts, most=_NAMES_LENGTH)
        lines.append(texts.say("nudge.nobody", count=len(alone), names=names))
    return lines or [texts.say("nudge.nobody_late")]


def _nobody_there(context: Context, round_: Round) -> list[str]:
    """The areas that are not in and that nobody has joined."""
    empty = set(people.units_without_members(context.tx, round_.id))
    started = reports.reports_of_round(context.tx, round_.id)
    empty -= {unit for unit, report in started.items() if report.state in reminder_plans.IN}
    return [
        unit_text(one, context.texts)
        for one in rounds.units_of_round(context.tx, round_.id)
        if one.id in empty
    ]


def _said(context: Context, round_: Round, lines: list[str]) -> Reply:
    rows = ((Button(context.texts.say("status.button.overview"), pack("s.full", round_.id)),),)
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    shown = Shown(Screen("\n".join(lines), rows), edit=pressed)
    return Reply((shown,), person=context.person.id)


ACTIONS: dict[str, Callable[[Context, Round], Reply | None]] = {
    "r.mute": _mute,
    "r.unmute": _unmute,
    "r.evening": _evening,
    "r.tomorrow": _tomorrow,
    "r.nudge": _nudge,
}
