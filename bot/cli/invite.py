"""`invite`: links and codes to join with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_writable, made_aside
from bot.cli.links import NO_NAME, bot_username, join_link, short_codes, zalo_links
from bot.cli.places import area_of, commune_of
from bot.cli.session import now, print_json, read, settings, write
from bot.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from bot.cli.links import BotLink
    from handlers.joining.sheets import Way
    from storage.invitations import Invitation
    from storage.places import Unit

ROLES = ("reporter", "officer", "leader", "operator")
DEFAULT_DAYS = 30
SHEET_USES = 9  # the members of a team


@dataclass(frozen=True, slots=True)
class _NewSheet:
    """The invitation of an area, its codes, and the figures that its sheet shows."""

    area: "Unit"
    code: str
    short_code: str
    figures: dict[str, int]


@click.group()
def invite() -> None:
    """Links and codes by which people join, one for each area or role."""


@invite.command()
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
@click.option("--commune", metavar="C", help="The commune's code.")
@click.option("--area", metavar="A", help="The area's code or label; for reporters.")
@click.option("--group", metavar="G", help="The group of communes; for operators.")
@click.option("--all", "everywhere", is_flag=True, help="The whole installation; for operators.")
@click.option(
    "--uses",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="How many people can join by it.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=DEFAULT_DAYS,
    show_default=True,
    help="How long it is good for.",
)
@click.option("--label", metavar="TEXT", help='What this person is, for example "Trưởng khu".')
@click.option(
    "--qr",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.png",
    help="Also write the link as a QR code.",
)
@click.option("--force", is_flag=True, help="Write over a file of that name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(
    role: str,
    commune: str | None,
    area: str | None,
    group: str | None,
    everywhere: bool,
    uses: int,
    days: int,
    label: str | None,
    qr: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a link and a code to type. They are printed now and can't be had again."""
    _check_place(role, commune, area, group, everywhere)
    # Before the invitation is made: its code can't be printed again.
    username = bot_username()
    zalo = zalo_links(read(lambda tx: commune_of(tx, commune).code)) if commune else []
    if qr is not None:
        _check_qr(qr, force=force)
        if username is None and not zalo:
            raise Failure(f"No invitation was made: a QR code holds a link. {NO_NAME}")

    def make(tx: "Connection") -> "tuple[Invitation, str, str]":
        from storage.invitations import create_invitation
        from storage.places import communes
        from storage.short_codes import grouped

        commune_id = commune_of(tx, commune).id if commune is not None else None
        if group is not None and not communes(tx, group):
            raise Failure(f"No invitation was made: no commune is in a group {group!r}.")
        unit_id = area_of(tx, commune_id, area).id if commune_id and area is not None else None
        began = now()
        made, code = create_invitation(
            tx, role, now=began, expires_at=began + timedelta(days=days), uses=uses,
            commune_id=commune_id, unit_id=unit_id, group_name=group, label=label,
        )  # fmt: skip
        return made, code, grouped(short_codes().give(tx, [made.id])[0])

    invitation, code, short = write(make)
    link = join_link(username, code)
    links = [one for one in (link, *(one.link for one in zalo)) if one]
    if qr is not None:
        _write_qr(qr, links[0])
    if as_json:
        print_json({"id": invitation.id, "role": role, "code": code, "short_code": short,
                    "link": link, "zalo": [one.link for one in zalo], "uses": uses,
                    "expires_at": invitation.expires_at})  # fmt: skip
        return
    for one in links:
        click.echo(one if one == link else f"{one} (Zalo, where the code is typed)")
    click.echo(f"Code: {short}")
    until = _day(invitation.expires_at)
    click.echo(f"Invitation {invitation.id}: {role}, {uses} use(s), until {until}.")
    if qr is not None:
        click.echo(f"QR code written to {qr}.")
    if not links:
        click.echo(NO_NAME, err=True)


@invite.command()
@click.option("--commune", required=True, metavar="C", help="The commune's code.")
@click.option("--area", "only", multiple=True, metavar="A", help="Only this area; repeatable.")
@click.option(
    "--uses",
    type=click.IntRange(1, 1000),
    default=SHEET_USES,
    show_default=True,
    help="How many people can join by each.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=DEFAULT_DAYS,
    show_default=True,
    help="How long they are good for.",
)
@click.option(
    "--language",
    type=click.Choice(("vi", "en")),
    default="vi",
    show_default=True,
    help="Of the sheets.",
)
@click.argument(
    "file", metavar="FILE.docx", type=click.Path(dir_okay=False, writable=True, path_type=Path)
)
def sheets(
    commune: str, only: tuple[str, ...], uses: int, days: int, language: str, file: Path
) -> None:
    """Write a page to print for each area: a new link (QR) and code, steps, questions."""
    if file.suffix.lower() != ".docx":
        raise click.UsageError("The sheets are written as .docx.")
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {file.absolute().parent}.")
    _check_documents()
    username = bot_username()
    zalo = zalo_links(read(lambda tx: commune_of(tx, commune).code))
    if username is None and not zalo:
        raise Failure(f"No sheets were made. {NO_NAME}")
    began = now()
    until = began + timedelta(days=days)

    def make(tx: "Connection") -> "tuple[list[_NewSheet], str, str]":
        from storage.invitations import create_invitation
        from storage.places import figures_of, units_of
        from storage.short_codes import grouped

        one = commune_of(tx, commune)
        today = began.astimezone(settings().timezone).date()
        areas = [area_of(tx, one.id, text) for text in only] or units_of(tx, one.id, today)
        if not areas:
            raise Failure(f"{one.name} has no areas yet; import a roster first.")
        made, codes = [], short_codes()
        for area in areas:
            invitation, code = create_invitation(
                tx, "reporter", now=began, expires_at=until, uses=uses, commune_id=one.id,
                unit_id=area.id,
            )  # fmt: skip
            (short,) = codes.give(tx, [invitation.id])
            made.append(_NewSheet(area, code, grouped(short), figures_of(tx, area.id)))
        return made, one.name, _criteria_of(tx, one.id)

    made, name, criteria = write(make)
    _write_sheets(file, made, name, criteria, (username, zalo, uses, until, began, language))
    click.echo(f"{file} is written: {len(made)} sheet(s), good for {uses} people each.")


@invite.command("list")
@click.option("--commune", metavar="C", help="Only this commune's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(commune: str | None, as_json: bool) -> None:
    """The invitations there are, the newest first; codes are not kept."""
    entries = read(lambda tx: listed(tx, commune))
    if as_json:
        print_json(entries)
        return
    if not entries:
        click.echo("There are no invitations.")
        return
    heading = ("ID", "State", "Role", "Place", "Label", "Used", "Until")
    click.echo("\n".join(table([heading, *(_row(entry) for entry in entries)])))


def _row(entry: dict[str, object]) -> tuple[str, ...]:
    until = _day(datetime.fromisoformat(str(entry["expires_at"])))
    used = f"{entry['used']}/{entry['uses']}"
    named = (str(entry[key] or "") for key in ("id", "state", "role", "place", "label"))
    return (*named, used, until)


@invite.command()
@click.argument("invitation_id", metavar="ID", type=int)
def revoke(invitation_id: int) -> None:
    """Make a link useless."""
    from storage.invitations import revoke_invitation

    if not write(lambda tx: revoke_invitation(tx, invitation_id, now())):
        raise Failure(f"There is no invitation {invitation_id}, or it was revoked before.")
    click.echo(f"Invitation {invitation_id} is revoked.")


def _check_place(
    role: str, commune: str | None, area: str | None, group: str | None, everywhere: bool
) -> None:
    if role == "operator":
        if commune or area or (group is None) == (not everywhere):
            raise click.UsageError("An operator belongs to a --group or to --all.")
    elif role == "reporter":
        if group or everywhere or not (commune and area):
            raise click.UsageError("A reporter belongs to an area: give --commune and --area.")
    elif group or everywhere or area or not commune:
        raise click.UsageError(f"{role.capitalize()}s belong to a commune: give --commune only.")


def listed(tx: "Connection", commune: str | None) -> list[dict[str, object]]:
    """The invitations with their places and states, newest first."""
    from handlers.report.wording import unit_text
    from handlers.texts import texts_of
    from storage import invitations, places

    commune_id = commune_of(tx, commune).id if commune is not None else None
    present = now()
    names = {one.id: one.name for one in places.communes(tx)}
    areas = {
        unit.id: f"{names[unit.commune_id]}, {unit_text(unit, texts_of('vi'))}"
        for known in ([commune_id] if commune_id is not None else names)
        for unit in places.units_of(tx, known)
    }
    return [
        {"id": one.id, "role": one.role, "place": _place(one, names, areas), "label": one.label,
         "state": _state(one, present), "used": one.used, "uses": one.uses,
         "expires_at": one.expires_at}
        for one in invitations.list_invitations(tx, commune_id)
    ]  # fmt: skip


def _place(one: "Invitation", communes: dict[int, str], areas: dict[int, str]) -> str | None:
    if one.unit_id is not None:
        return areas[one.unit_id]
    return communes[one.commune_id] if one.commune_id is not None else one.group_name


def _day(moment: datetime) -> str:
    """The day in the communes' time zone."""
    return f"{moment.astimezone(settings().timezone):%d/%m/%Y}"


def _state(one: "Invitation", present: datetime) -> str:
    if one.revoked_at is not None:
        return "revoked"
    if one.used >= one.uses:
        return "used up"
    return "expired" if one.expires_at <= present else "open"


def _check_documents() -> None:
    try:
        import docx  # noqa: F401
        import segno  # noqa: F401
    except ImportError:
        raise missing_extra("Sheets", "documents") from None


def _criteria_of(tx: "Connection", commune_id: int) -> str:
    """The text of the newest round's criteria set, else of the first set that ships."""
    from criteria.set_file import shipped_ids, shipped_text
    from storage import rounds

    found = [one for one in rounds.list_rounds(tx, commune_id) if one.state != "cancelled"]
    return found[0].criteria if found else shipped_text(shipped_ids()[0])


def _write_sheets(
    file: Path,
    made: "list[_NewSheet]",
    commune: str,
    criteria: str,
    about: "tuple[str | None, list[BotLink], int, datetime, datetime, str]",
) -> None:
    from criteria.set_file import parse_criteria
    from handlers.joining.sheets import Sheet, Way, write_sheets
    from handlers.report.wording import unit_text
    from handlers.texts import texts_of

    username, zalo, uses, until, began, language = about
    by_code = tuple(Way(one.bot, one.name, one.link, False) for one in zalo)
    pages = [
        Sheet(
            commune, unit_text(one.area, texts_of(language)),
            (*_by_link(username, one.code), *by_code), one.short_code, uses, until, one.figures,
        )
        for one in made
    ]  # fmt: skip
    parsed = parse_criteria(criteria, "the criteria set")
    with made_aside(file) as aside:
        write_sheets(aside, pages, parsed, began, settings().timezone, language)


def _by_link(username: str | None, code: str) -> "Iterator[Way]":
    from handlers.flow.channel import TELEGRAM
    from handlers.joining.sheets import Way

    link = join_link(username, code)
    if link is not None:
        yield Way(TELEGRAM, f"@{username}", link, True)


def _check_qr(file: Path, *, force: bool) -> None:
    if file.suffix.lower() not in {".png", ".svg"}:
        raise click.UsageError("A QR code is written as .png or .svg.")
    check_writable(file)
    if file.exists() and not force:
        raise Failure(f"{file} exists already; choose another name, or add --force.")
    try:
        import segno  # noqa: F401
    except ImportError:
        raise missing_extra("QR codes", "documents") from None


def _write_qr(file: Path, link: str) -> None:
    import segno

    with made_aside(file) as aside:
        segno.make(link, error="m").save(str(aside), scale=10, border=4)
