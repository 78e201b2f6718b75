"""Scheduled work of rounds: opening, storing the result at the deadline, closing.

Each piece of work has its own transaction, so that no commune waits for another.
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
    """Return all work of the rounds that is due now, in the order in which it must be done.

    A schedule whose criteria set doesn't exist waits for the set.
    """
    # A planned round is opened after the one before it is closed.
    due = sorted(rounds.rounds_due(tx, now), key=lambda one: one.state == "planned")
    until_usual = timedelta(hours=USUAL_HOUR.hour, minutes=USUAL_HOUR.minute)
    day = local_day(now - until_usual, deployment.zone)  # a day begins at the usual hour
    known = {one.id: one for one in deployment.sets}
    return [
        *(partial(_store_result, round_=one, now=now)
          for one in deadline_results.rounds_at_deadline(tx, now)),
        *(partial(_open_or_close, round_=one, now=now, deployment=deployment) for one in due),
        *(partial(_open_by_schedule, row=one, criteria=known[one.criteria_id], today=day,
                  now=now, deployment=deployment)
          for one in schedules.schedules_due(tx, day) if one.criteria_id in known),
    ]  # fmt: skip


def period_name(period: Period) -> str:
    """Return the round's name in the default language: "Tháng 11/2026", "Quý 4/2026"."""
    texts = texts_of(DEFAULT_LANGUAGE)
    return texts.say(
        f"period.{period.every.value}", number=str(period.number), year=str(period.year)
    )


def _store_result(tx: Connection, *, round_: Round, now: datetime) -> None:
    status = load_status(tx, round_, now, at=round_.deadline)
    deadline_results.store(tx, round_, status_fields(status))


def _open_or_close(tx: Connection, *, round_: Round, now: datetime, deployment: Deployment) -> None:
    """Close an open round, or open a planned one unless another one is still open."""
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
    row: CommuneSchedule,
    criteria: SetFile,
    today: date,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Open the period that is due, unless another round is still open."""
    period, next_on = period_due(row.schedule, row.next_on, today)
    if period is not None:
        deadline = datetime.combine(period.deadline, time(23, 59, 59), tzinfo=deployment.zone)
        try:
            name = free_name(tx, row.commune_id, period_name(period), criteria, today)
            rounds.open_round(
                tx, row.commune_id, name, row.criteria_id,
                criteria.text, today, now, deadline, deadline + CLOSE_AFTER,
                now, on=today, way="schedule",
            )  # fmt: skip
        except RoundExists:
            return
    schedules.move_on(tx, row.id, next_on)


def put_right_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """Return the work that moves messages to this morning if a wrong clock had dated them later."""
    if not outbox.has_future_messages(tx, now):
        return []
    return [partial(outbox.correct_times, now=now, when=next_daytime(now, deployment.zone))]
