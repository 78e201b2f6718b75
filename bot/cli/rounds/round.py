"""`round`: opens, lists, edits, closes, cancels and reopens reporting periods."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.places import area_of, check_one_choice, commune_of, communes_of
from bot.cli.rounds.criteria import set_named
from bot.cli.rounds.round_reminders import reminders
from bot.cli.rounds.round_schedule import DEFAULT_CRITERIA, schedule
from bot.cli.session import Day, MomentType, now, print_json, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from storage.places.places import Commune
    from storage.rounds.rounds import Round

_ID = click.argument("round_id", metavar="ID", type=int)
_DEADLINE = click.option(
    "--deadline",
    type=MomentType(),
    metavar="T",
    help="A date such as 25/11/2026 (then until 23:59:59), or 2026-11-25T17:00.",
)
_CLOSE = click.option(
    "--close", type=MomentType(), metavar="T", help="When nothing can be changed any more."
)


@click.group("round")
def round_() -> None:
    """Reporting periods: open, list, edit, close, cancel, reopen."""


@round_.command("open")
@click.option("--commune", metavar="C", help="For this commune.")
@click.option("--group", metavar="G", help="For all communes of a group.")
@click.option("--all", "everywhere", is_flag=True, help="For all communes.")
@click.option("--name", required=True, metavar="N", help='For example "Tháng 11/2026".')
@click.option(
    "--deadline",
    type=MomentType(),
    required=True,
    metavar="T",
    help="A date such as 25/11/2026 (then until 23:59:59), or 2026-11-25T17:00.",
)
@click.option(
    "--close",
    type=MomentType(),
    metavar="T",
    help="When nothing can be changed any more; 5 days after the deadline if not given.",
)
@click.option(
    "--criteria",
    "criteria_id",
    default=DEFAULT_CRITERIA,
    show_default=True,
    metavar="ID",
    help="The criteria set; `criteria list` says which there are.",
)
@click.option(
    "--data-date", type=Day(), metavar="D", help="The day the figures refer to; today if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def open_(
    commune: str | None,
    group: str | None,
    everywhere: bool,
    name: str,
    deadline: datetime,
    close: datetime | None,
    criteria_id: str,
    data_date: date | None,
    as_json: bool,
) -> None:
    """Open a round; its areas and criteria set are kept as they are today."""
    from handlers.rounds.criteria_sets import free_name
    from storage.rounds import rounds

    check_one_choice(commune, group, everywhere=everywhere)
    from criteria.schedule import CLOSE_AFTER

    begins = now()
    closes = close or deadline + CLOSE_AFTER
    _check_times(begins, deadline, closes)
    today = begins.astimezone(settings().timezone).date()
    criteria = set_named(criteria_id)

    def begin(tx: "Connection", one: "Commune") -> "Round":
        return rounds.open_round(
            tx, one.id, free_name(tx, one.id, name, criteria, today), criteria_id, criteria.text,
            data_date or today, begins, deadline, closes,
            begins, on=today,
        )  # fmt: skip

    opened, refused = write(lambda tx: _begin_each(tx, communes_of(tx, commune, group), begin))
    if as_json:
        print_json([_fields(made, one.code) for one, made in opened])
    else:
        for one, made in opened:
            click.echo(
                _(
                    "Round {id} is open for {name}: {round}, deadline {deadline}, close {closes}.",
                    id=made.id,
                    name=one.name,
                    round=made.name,
                    deadline=_local(deadline),
                    closes=_local(closes),
                )
            )
    for one, other in refused:
        click.echo(
            _("{name} has an open round already: {other}.", name=one.name, other=other),
            err=True,
        )
    if not opened:
        raise Failure(_("No round was opened."))


@round_.command("list")
@click.option("--commune", metavar="C", help="Only this commune's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(commune: str | None, as_json: bool) -> None:
    """All rounds, the newest first."""

    def work(tx: "Connection") -> "list[tuple[Round, str]]":
        from storage.places import places
        from storage.rounds import rounds

        commune_id = commune_of(tx, commune).id if commune is not None else None
        codes = {one.id: one.code for one in places.communes(tx)}
        return [(one, codes[one.commune_id]) for one in rounds.list_rounds(tx, commune_id)]

    found = read(work)
    if as_json:
        print_json([_fields(one, code) for one, code in found])
        return
    if not found:
        click.echo(_("There are no rounds."))
    for one, code in found:
        click.echo(
            _(
                "{id:>5}  {state:9} {code:16} {name:24} deadline {deadline}  close {closes_at}",
                id=one.id,
                state=_(one.state),
                code=code,
                name=one.name,
                deadline=_local(one.deadline),
                closes_at=_local(one.closes_at),
            )
        )


@round_.command()
@_ID
@_DEADLINE
@_CLOSE
def edit(round_id: int, deadline: datetime | None, close: datetime | None) -> None:
    """Move the deadline or the close of a round; whoever reports in it or leads is told."""
    from handlers.rounds import changes

    if deadline is None and close is None:
        raise click.UsageError(_("Give --deadline or --close."))

    def work(tx: "Connection") -> "Round":
        before = _existing(tx, round_id)
        if before.state not in {"open", "planned"}:
            raise Failure(
                _(
                    "Round {round_id} is {state}; reopen it instead.",
                    round_id=round_id,
                    state=_(before.state),
                )
            )
        _check_times(None, deadline or before.deadline, close or before.closes_at)
        zone = settings().timezone
        return changes.move(tx, before, now(), zone, deadline=deadline, closes_at=close)

    changed = write(work)
    click.echo(
        _(
            "Round {round_id} ({name}): deadline {deadline}, close {closes_at}.",
            round_id=round_id,
            name=changed.name,
            deadline=_local(changed.deadline),
            closes_at=_local(changed.closes_at),
        )
    )


@round_.command()
@_ID
def close(round_id: int) -> None:
    """Close a round now: nothing can be changed any more."""
    from storage.rounds import rounds

    def work(tx: "Connection") -> "Round":
        before = _existing(tx, round_id)
        if before.state != "open":
            raise Failure(
                _(
                    "Round {round_id} is {state}, not open.",
                    round_id=round_id,
                    state=_(before.state),
                )
            )
        return rounds.close_round(tx, round_id, now())

    click.echo(_("Round {round_id} ({name}) is closed.", round_id=round_id, name=write(work).name))


@round_.command()
@_ID
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
def cancel(round_id: int, reason: str) -> None:
    """Cancel a round; its answers count nowhere, and whoever reports in it or leads is told."""
    from handlers.rounds import changes

    def work(tx: "Connection") -> "Round":
        before = _existing(tx, round_id)
        if before.state == "cancelled":
            raise Failure(_("Round {round_id} was cancelled before.", round_id=round_id))
        return changes.cancel(tx, before, reason, now(), settings().timezone)

    click.echo(
        _(
            "Round {round_id} ({name}) is cancelled: {reason}",
            round_id=round_id,
            name=write(work).name,
            reason=reason,
        )
    )


@round_.command()
@_ID
@click.option("--area", metavar="A", help='Only this area (or "office").')
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--until", required=True, type=MomentType(), metavar="T", help="Until when.")
def reopen(round_id: int, area: str | None, reason: str, until: datetime) -> None:
    """Open a closed round again, for all or for one area; whoever is concerned is told."""
    from handlers.rounds import changes
    from storage.places import places
    from storage.rounds import rounds

    def work(tx: "Connection") -> "Round":
        before = _existing(tx, round_id)
        present = now()
        if before.state in {"cancelled", "planned"}:
            raise Failure(
                _(
                    "Round {round_id} is {state} and can't be reopened.",
                    round_id=round_id,
                    state=_(before.state),
                )
            )
        if until <= present:
            raise Failure(_("--until must be in the future."))
        unit = None
        if area is not None:
            office = places.office_of(tx, before.commune_id)
            unit = office if area == office.code else area_of(tx, before.commune_id, area)
            if unit.id not in {one.id for one in rounds.units_of_round(tx, round_id)}:
                raise Failure(
                    _("{area!r} is not part of round {round_id}.", area=area, round_id=round_id)
                )
        try:
            return changes.reopen(tx, before, unit, reason, until, present, settings().timezone)
        except rounds.RoundExists as error:
            raise Failure(str(error)) from None

    reopened = write(work)
    values = {"id": round_id, "name": reopened.name, "until": _local(until)}
    if area:
        click.echo(_("{area} in round {id} ({name}) is open until {until}.", area=area, **values))
    else:
        click.echo(_("Round {id} ({name}) is open until {until}.", **values))


def _begin_each(
    tx: "Connection", communes: "list[Commune]", begin: "Callable[[Connection, Commune], Round]"
) -> "tuple[list[tuple[Commune, Round]], list[tuple[Commune, str]]]":
    """Open a round in each commune; also return the communes with an open round, and its name."""
    from storage.rounds.rounds import RoundExists

    opened, refused = [], []
    for one in communes:
        try:
            opened.append((one, begin(tx, one)))
        except RoundExists as error:
            refused.append((one, error.round_name))
    return opened, refused


def _existing(tx: "Connection", round_id: int) -> "Round":
    from storage.rounds import rounds

    found = rounds.round_by_id(tx, round_id)
    if found is None:
        raise Failure(_("There is no round {round_id}.", round_id=round_id))
    return found


def _check_times(begins: datetime | None, deadline: datetime, closes: datetime) -> None:
    if begins is not None and deadline <= begins:
        raise Failure(_("The deadline must be in the future."))
    if closes < deadline:
        raise Failure(_("The close can't be before the deadline."))


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(settings().timezone):%d/%m/%Y %H:%M}"


def _fields(one: "Round", commune: str) -> dict[str, object]:
    return {
        "id": one.id, "commune": commune, "name": one.name, "state": one.state,
        "criteria": one.criteria_id, "data_date": one.data_date, "opens_at": one.opens_at,
        "deadline": one.deadline, "closes_at": one.closes_at, "reason": one.reason,
    }  # fmt: skip


round_.add_command(schedule)
round_.add_command(reminders)
