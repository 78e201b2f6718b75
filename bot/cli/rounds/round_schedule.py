"""`round schedule`: shows or changes when rounds open automatically."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.places import check_one_choice, communes_of
from bot.cli.rounds.criteria import set_named
from bot.cli.session import now, print_json, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from criteria.schedule import Schedule
    from storage.places.places import Commune

DEFAULT_CRITERIA = "phu-tho-2024"


@click.command()
@click.option("--commune", metavar="C", help="For this commune.")
@click.option("--group", metavar="G", help="For all communes of a group.")
@click.option("--all", "everywhere", is_flag=True, help="For all communes.")
@click.option("--every", type=click.Choice(["month", "quarter"]), help="How often.")
@click.option(
    "--opens-on",
    type=click.IntRange(1, 28),
    metavar="DAY",
    help="The day of the month; of a quarter its last month.",
)
@click.option(
    "--deadline-on",
    type=click.IntRange(1, 31),
    metavar="DAY",
    help="31 is the month's end; a day that isn't after the opening is in the next month.",
)
@click.option(
    "--criteria",
    "criteria_id",
    default=DEFAULT_CRITERIA,
    show_default=True,
    metavar="ID",
    help="The criteria set.",
)
@click.option("--off", is_flag=True, help="Rounds of this set open by hand again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def schedule(
    commune: str | None,
    group: str | None,
    everywhere: bool,
    every: str | None,
    opens_on: int | None,
    deadline_on: int | None,
    criteria_id: str,
    off: bool,
    as_json: bool,
) -> None:
    """Let rounds open automatically; without --every and --off show what is set."""
    from criteria.schedule import Every, Schedule

    check_one_choice(commune, group, everywhere=everywhere)
    if every is not None and (off or opens_on is None or deadline_on is None):
        raise click.UsageError(_("--every goes with --opens-on and --deadline-on, not with --off."))
    wanted = None
    if every is not None and opens_on is not None and deadline_on is not None:
        set_named(criteria_id)  # not for --off, because the set may be removed
        wanted = Schedule(Every(every), opens_on, deadline_on)
    change = every is not None or off

    def work(tx: "Connection") -> list[dict[str, object]]:
        found = communes_of(tx, commune, group)
        if change:
            _set_schedules(tx, found, criteria_id, wanted)
        return [fields for one in found for fields in _schedules(tx, one)]

    shown = write(work) if change else read(work)
    if as_json:
        print_json(shown)
        return
    for one in shown:
        click.echo(
            _(
                "{commune:16} every {every}: opens on day {opens_on}, due on day {deadline_on}; "
                "next {next_on} ({criteria})",
                commune=one["commune"],
                every=one["every"],
                opens_on=one["opens_on"],
                deadline_on=one["deadline_on"],
                next_on=one["next_on"],
                criteria=one["criteria"],
            )
        )
    if not shown:
        click.echo(_("Rounds are opened by hand."))


def _set_schedules(
    tx: "Connection", communes: "list[Commune]", criteria_id: str, wanted: "Schedule | None"
) -> None:
    from criteria.schedule import periods
    from storage.rounds import schedules

    present = now()
    tomorrow = present.astimezone(settings().timezone).date() + timedelta(days=1)
    next_on = next(periods(wanted, tomorrow)).opens if wanted is not None else None
    for one in communes:
        schedules.set_schedule(tx, one.id, criteria_id, wanted, next_on, present)


def _schedules(tx: "Connection", commune: "Commune") -> list[dict[str, object]]:
    from storage.rounds import schedules

    return [
        {
            "commune": commune.code, "criteria": stored.criteria_id,
            "every": stored.schedule.every.value, "opens_on": stored.schedule.opens_on,
            "deadline_on": stored.schedule.deadline_on, "next_on": stored.next_on,
        }
        for stored in schedules.schedules_of(tx, commune.id)
    ]  # fmt: skip
