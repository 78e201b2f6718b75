"""What rounds do by the clock: open, keep their result at the deadline, close.

Each piece of work is a transaction of its own, so that no commune waits for another.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection

from criteria.reminders import USUAL_HOUR, local_day, next_daytime
from criteria.schedule import CLOSE_AFTER, Period, period_due
from criteria.sets.set_file import SetFile
from handlers.flow.deployment import Deployment
from handlers.rounds.criteria_sets import free_name
from handlers.status.loading import load_status
from handlers.status.view import status_fields
from handlers.texts import DEFAULT_LANGUAGE, texts_of
from storage.messages import outbox
from storage.results import deadline_results
from storage.rounds import rounds, schedules
from storage.rounds.rounds import Round, RoundExists
from storage.rounds.schedules import CommuneSchedule

Work = Callable[[Connection], None]


def rounds_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """All that the rounds have to do by now, in the order in which it must be done.

    A schedule whose criteria set is gone waits until it is there again, or the schedule isn't.
    """
    # A round that is planned waits for the one before it to close.
    due = sorted(rounds.rounds_due(tx, now), key=lambda one: one.state == "planned")
    until_usual = timedelta(hours=USUAL_HOUR.hour, minutes=USUAL_HOUR.minute)
    day = local_day(now - until_usual, deployment.zone)  # a day begins at the usual hour
    known = {one.id: one for one in deployment.sets}
    return [
        *(partial(_keep_result, round_=one, now=now)
          for one in deadline_results.rounds_at_deadline(tx, now)),
        *(partial(_turn, round_=one, now=now, deployment=deployment) for one in due),
        *(partial(_open_by_schedule, kept=one, criteria=known[one.criteria_id], today=day,
                  now=now, deployment=deployment)
          for one in schedules.schedules_due(tx, day) if one.criteria_id in known),
    ]  # fmt: skip


def period_name(period: Period) -> str:
    """The round's name in the communes' language: "Tháng 11/2026", "Quý 4/2026"."""
    texts = texts_of(DEFAULT_LANGUAGE)
    return texts.say(
        f"period.{period.every.value}", number=str(period.number), year=str(period.year)
    )


def _keep_result(tx: Connection, *, round_: Round, now: datetime) -> None:
    status = load_status(tx, round_, now, at=round_.deadline)
    deadline_results.store(tx, round_, status_fields(status))


def _turn(tx: Connection, *, round_: Round, now: datetime, deployment: Deployment) -> None:
    """Begin a planned round, or close one; it stays planned while another one is open."""
    if round_.state == "open":
        rounds.close_round(tx, round_.id, now, way="schedule")
        return
    try:
        rounds.begin_round(tx, round_.id, now, on=local_day(now, deployment.zone))
    except RoundExists:
        return


def _open_by_schedule(
    tx: Connection,
    *,
    kept: CommuneSchedule,
    criteria: SetFile,
    today: date,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Open the period that is due; while another round is open it waits for its close."""
    period, next_on = period_due(kept.schedule, kept.next_on, today)
    if period is not None:
        deadline = datetime.combine(period.deadline, time(23, 59, 59), tzinfo=deployment.zone)
        try:
            name = free_name(tx, kept.commune_id, period_name(period), criteria, today)
            rounds.open_round(
                tx, kept.commune_id, name, kept.criteria_id,
                criteria.text, today, now, deadline, deadline + CLOSE_AFTER,
                now, on=today, way="schedule",
            )  # fmt: skip
        except RoundExists:
            return
    schedules.move_on(tx, kept.id, next_on)


def put_right_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """Messages that were to wait for a time which that clock saw: they wait for this morning."""
    if not outbox.has_future_messages(tx, now):
        return []
    return [partial(outbox.correct_times, now=now, when=next_daytime(now, deployment.zone))]
