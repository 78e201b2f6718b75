"""`round reminders`: shows or changes the days and the hour of a round's reminders."""

from datetime import datetime, time
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.session import now, print_json, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command()
@click.argument("round_id", metavar="ID", type=int)
@click.option(
    "--on",
    "entries",
    metavar="ENTRIES",
    help='Separated by commas: "opening,deadline-3,deadline+0,close-1".',
)
@click.option(
    "--at",
    "hour",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    help="The hour of the day, from 07:00 to before 21:00.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reminders(round_id: int, entries: str | None, hour: datetime | None, as_json: bool) -> None:
    """Show when a round reminds, or change it."""

    def work(tx: "Connection") -> dict[str, object]:
        return _plan_fields(tx, round_id, entries, hour.time() if hour is not None else None)

    shown = read(work) if entries is None and hour is None else write(work)
    if as_json:
        print_json(shown)
        return
    click.echo(
        _(
            "Round {round_id} reminds at {at}: {entries}",
            round_id=round_id,
            at=shown["at"],
            entries=", ".join(shown["entries"]),  # type: ignore[arg-type]
        )
    )
    for when in shown["times"]:  # type: ignore[attr-defined]
        click.echo(f"  {datetime.fromisoformat(when):%d/%m/%Y %H:%M}")


def _plan_fields(
    tx: "Connection", round_id: int, entries: str | None, hour: time | None
) -> dict[str, object]:
    """Change the plan if entries or an hour are given; return the present plan."""
    from criteria.reminders import EVENING, MORNING, ReminderPlan, report_reminders
    from storage.reminders import reminder_plans
    from storage.rounds import rounds

    round_ = rounds.round_by_id(tx, round_id)
    if round_ is None:
        raise Failure(_("There is no round {round_id}.", round_id=round_id))
    plan = reminder_plans.plan_of(tx, round_id)
    if hour is not None and not MORNING <= hour < EVENING:
        raise Failure(_("--at must be from 07:00 to before 21:00: nobody is disturbed at night."))
    wanted = [one.strip() for one in entries.split(",") if one.strip()] if entries else None
    try:
        chosen = plan.entries if wanted is None else reminder_plans.entries_from(wanted)
    except ValueError as error:
        raise Failure(_('--on takes "opening", "deadline-3", "deadline+0", "close-1".')) from error
    if entries is not None or hour is not None:
        plan = ReminderPlan(chosen, hour or plan.at)
        reminder_plans.set_plan(tx, round_id, plan, now(), by=None, way="command")
    zone = settings().timezone
    course = report_reminders(plan, round_.dates(zone))
    return {
        "round": round_id,
        "at": f"{plan.at:%H:%M}",
        "entries": [reminder_plans.entry_text(one) for one in plan.entries],
        "times": [one.at.astimezone(zone).isoformat() for one in course],
    }
