"""`invite`: links to join with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_new, made_aside
from bot.cli.links import bot_username, join_link, no_name
from bot.cli.places import area_of, commune_of
from bot.cli.session import now, print_json, read, settings, write
from bot.cli.table import table
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.invitations import Invitation
    from storage.places import Commune, Unit

ROLES = ("reporter", "officer", "leader", "operator")
DEFAULT_DAYS = 30
SHEET_USES = 9  # the members of a team


@click.group()
def invite() -> None:
    """Links by which people join, one for each area or role."""


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
    """Make a link. It is printed now and can't be had again."""
    _check_place(role, commune, area, group, everywhere)
    # Before the invitation is made: its code can't be printed again.
    username = bot_username()
    if qr is not None:
        _check_qr(qr, force=force)
        if username is None:
            raise Failure(_("No invitation was made: a QR code holds a link. {why}", why=no_name()))

    def make(tx: "Connection") -> "tuple[Invitation, str]":
        from storage.invitations import create_invitation
        from storage.places import communes

        commune_id = commune_of(tx, commune).id if commune is not None else None
        if group is not None and not communes(tx, group):
            raise Failure(
                _("No invitation was made: no commune is in a group {group!r}.", group=group)
            )
        unit_id = area_of(tx, commune_id, area).id if commune_id and area is not None else None
        began = now()
        return create_invitation(
            tx, role, now=began, expires_at=began + timedelta(days=days), uses=uses,
            commune_id=commune_id, unit_id=unit_id, group_name=group, label=label,
        )  # fmt: skip

    invitation, code = write(make)
    link = join_link(username, code)
    if qr is not None and link:
        _write_qr(qr, link)
    if as_json:
        print_json({"id": invitation.id, "role": role, "code": code, "link": link,
                    "uses": uses, "expires_at": invitation.expires_at})  # fmt: skip
        return
    click.echo(link or _("Code: {code}", code=code))
    until = _day(invitation.expires_at)
    click.echo(
        _(
            "Invitation {id}: {role}, {uses} use(s), until {until}.",
            id=invitation.id,
            role=_(role),
            uses=uses,
            until=until,
        )
    )
    if qr is not None and link:
        click.echo(_("QR code written to {qr}.", qr=qr))
    if link is None:
        click.echo(no_name(), err=True)  # fmt: skip


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
@click.option("--force", is_flag=True, help="Write over a file of that name.")
@click.argument(
    "file", metavar="FILE.docx", type=click.Path(dir_okay=False, writable=True, path_type=Path)
)
def sheets(
    commune: str,
    only: tuple[str, ...],
    uses: int,
    days: int,
    language: str,
    force: bool,
    file: Path,
) -> None:
    """Write a page to print for each area: a new link as QR code, the steps, the questions.

    Areas that have an open invitation, of the roster or of earlier sheets, get none unless they
    are named with --area.
    """
    if file.suffix.lower() != ".docx":
        raise click.UsageError(_("The sheets are written as .docx."))
    if not file.absolute().parent.is_dir():
        raise click.UsageError(_("There is no folder {parent}.", parent=file.absolute().parent))
    check_new(file, force=force)
    _check_documents()
    username = bot_username()
    if username is None:
        raise Failure(_("No sheets were made. {why}", why=no_name()))
    began = now()
    until = began + timedelta(days=days)

    def make(tx: "Connection") -> "tuple[list[tuple[Unit, str, dict[str, int]]], str, str]":
        from storage.invitations import create_invitation
        from storage.places import figures_of, units_of

        one = commune_of(tx, commune)
        today = began.astimezone(settings().timezone).date()
        areas = [area_of(tx, one.id, text) for text in only]
        if not only:
            areas, left_out = _without_invitation(tx, one, units_of(tx, one.id, today), began)
            invited.extend(left_out)
        made = []
        for area in areas:
            _made, code = create_invitation(
                tx, "reporter", now=began, expires_at=until, uses=uses, commune_id=one.id,
                unit_id=area.id,
            )  # fmt: skip
            made.append((area, code, figures_of(tx, area.id)))
        return made, one.name, _criteria_of(tx, one.id)

    invited: list[Unit] = []
    made, name, criteria = write(make)
    _write_sheets(file, made, name, criteria, (username, uses, until, began, language))
    click.echo(
        _(
            "{file} is written: {count} sheet(s), good for {uses} people each.",
            file=file,
            count=len(made),
            uses=uses,
        )
    )
    if invited:
        told = _("No sheet for {areas}: an invitation is open there (`invite list`).",
                 areas=", ".join(one.code for one in invited))  # fmt: skip
        click.echo(told + " " + _("With --area they get another."), err=True)


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
        click.echo(_("There are no invitations."))
        return
    heading = (_("ID"), _("State"), _("Role"), _("Place"), _("Label"), _("Used"), _("Until"))
    click.echo("\n".join(table([heading, *(_row(entry) for entry in entries)])))


def _row(entry: dict[str, object]) -> tuple[str, ...]:
    until = _day(datetime.fromisoformat(str(entry["expires_at"])))
    used = f"{entry['used']}/{entry['uses']}"
    state, role = _(str(entry["state"])), _(str(entry["role"]))
    named = (str(entry[key] or "") for key in ("place", "label"))
    return (str(entry["id"]), state, role, *named, used, until)


@invite.command()
@click.argument("invitation_id", metavar="ID", type=int)
def revoke(invitation_id: int) -> None:
    """Make a link useless."""
    from storage.invitations import revoke_invitation

    if not write(lambda tx: revoke_invitation(tx, invitation_id, now())):
        raise Failure(
            _(
                "There is no invitation {invitation_id}, or it was revoked before.",
                invitation_id=invitation_id,
            )
        )
    click.echo(_("Invitation {invitation_id} is revoked.", invitation_id=invitation_id))


def _without_invitation(
    tx: "Connection", commune: "Commune", areas: "Sequence[Unit]", present: datetime
) -> "tuple[list[Unit], list[Unit]]":
    """The areas whose reporters have no open invitation yet, and the others.

    Failure when there are none of the first: what was handed out isn't made again unasked.
    """
    from storage.invitations import list_invitations

    if not areas:
        raise Failure(_("{name} has no areas yet; import a roster first.", name=commune.name))
    open_ = {
        one.unit_id
        for one in list_invitations(tx, commune.id)
        if one.role == "reporter" and one.valid(present)
    }
    wanted = [one for one in areas if one.id not in open_]
    if not wanted:
        raise Failure(
            _("Every area of {name} has an open invitation already; no sheet was made.",
              name=commune.name) + " " + _("With --area they get another.")
        )  # fmt: skip
    return wanted, [one for one in areas if one.id in open_]


def _check_place(
    role: str, commune: str | None, area: str | None, group: str | None, everywhere: bool
) -> None:
    if role == "operator":
        if commune or area or (group is None) == (not everywhere):
            raise click.UsageError(_("An operator belongs to a --group or to --all."))
    elif role == "reporter":
        if group or everywhere or not (commune and area):
            raise click.UsageError(_("A reporter belongs to an area: give --commune and --area."))
    elif group or everywhere or area or not commune:
        raise click.UsageError(
            _("An invitation as {role} is for a commune: give --commune only.", role=_(role))
        )


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
        raise missing_extra(_("Sheets"), "documents") from None


def _criteria_of(tx: "Connection", commune_id: int) -> str:
    """The text of the newest round's criteria set, else of the first set that ships."""
    from criteria.set_file import shipped_ids, shipped_text
    from storage import rounds

    found = [one for one in rounds.list_rounds(tx, commune_id) if one.state != "cancelled"]
    return found[0].criteria if found else shipped_text(shipped_ids()[0])


def _write_sheets(
    file: Path,
    made: "list[tuple[Unit, str, dict[str, int]]]",
    commune: str,
    criteria: str,
    about: tuple[str, int, datetime, datetime, str],
) -> None:
    from criteria.set_file import parse_criteria
    from handlers.joining.sheets import Sheet, write_sheets
    from handlers.report.wording import unit_text
    from handlers.texts import texts_of

    username, uses, until, began, language = about
    pages = [
        Sheet(
            commune, unit_text(area, texts_of(language)), join_link(username, code) or "", uses,
            until, figures,
        )
        for area, code, figures in made
    ]  # fmt: skip
    parsed = parse_criteria(criteria, "the criteria set")
    with made_aside(file) as aside:
        write_sheets(aside, pages, parsed, began, settings().timezone, language)


def _check_qr(file: Path, *, force: bool) -> None:
    if file.suffix.lower() not in {".png", ".svg"}:
        raise click.UsageError(_("A QR code is written as .png or .svg."))
    check_new(file, force=force)
    try:
        import segno  # noqa: F401
    except ImportError:
        raise missing_extra(_("QR codes"), "documents") from None


def _write_qr(file: Path, link: str) -> None:
    import segno

    with made_aside(file) as aside:
        segno.make(link, error="m").save(str(aside), scale=10, border=4)
