"""`invite`: makes, lists and revokes invitations: links and codes for joining."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_new, moved_when_complete
from bot.cli.people.invite_sheets import sheets
from bot.cli.people.links import bot_username, join_link, no_link_reason, short_codes, zalo_links
from bot.cli.places import area_of, commune_of
from bot.cli.session import now, print_json, read, settings, table, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.people.invitations import Invitation

ROLES = ("reporter", "officer", "leader", "operator")
DEFAULT_DAYS = 30


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
    help="How many days it is valid.",
)
@click.option("--label", metavar="TEXT", help='What this person is, for example "Trưởng khu".')
@click.option(
    "--qr",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.png",
    help="Also write the link as a QR code.",
)
@click.option("--force", is_flag=True, help="Overwrite a file of that name.")
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
    # These can fail, so they come before the invitation is made: its code is shown only once.
    username = bot_username()
    zalo = zalo_links(read(lambda tx: commune_of(tx, commune).code)) if commune else []
    if qr is not None:
        _check_qr(qr, force=force)
        if username is None and not zalo:
            raise Failure(
                _("No invitation was made: a QR code holds a link. {why}", why=no_link_reason())
            )

    def make(tx: "Connection") -> "tuple[Invitation, str, str]":
        from storage.people.invitations import create_invitation
        from storage.people.short_codes import grouped
        from storage.places.places import communes

        commune_id = commune_of(tx, commune).id if commune is not None else None
        if group is not None and not communes(tx, group):
            raise Failure(
                _("No invitation was made: no commune is in a group {group!r}.", group=group)
            )
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
        click.echo(one if one == link else _("{link} (Zalo, where the code is typed)", link=one))
    click.echo(_("Code: {code}", code=short))
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
    if qr is not None:
        click.echo(_("QR code written to {qr}.", qr=qr))
    if not links:
        click.echo(no_link_reason(), err=True)


invite.add_command(sheets)


@invite.command("list")
@click.option("--commune", metavar="C", help="Only this commune's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(commune: str | None, as_json: bool) -> None:
    """List the invitations, the newest first; codes are not kept."""
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
    """Revoke an invitation: its link and its code stop working."""
    from storage.people.invitations import revoke_invitation

    if not write(lambda tx: revoke_invitation(tx, invitation_id, now())):
        raise Failure(
            _(
                "There is no invitation {invitation_id}, or it was revoked before.",
                invitation_id=invitation_id,
            )
        )
    click.echo(_("Invitation {invitation_id} is revoked.", invitation_id=invitation_id))


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
    """Return the invitations with their places and states, newest first."""
    from handlers.texts import texts_of
    from storage.people import invitations
    from storage.places import places

    commune_id = commune_of(tx, commune).id if commune is not None else None
    present = now()
    names = {one.id: one.name for one in places.communes(tx)}
    areas = {
        unit.id: f"{names[unit.commune_id]}, {texts_of('vi').unit(unit)}"
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
    """Return the day in the communes' time zone."""
    return f"{moment.astimezone(settings().timezone):%d/%m/%Y}"


def _state(one: "Invitation", present: datetime) -> str:
    if one.revoked_at is not None:
        return "revoked"
    if one.used >= one.uses:
        return "used up"
    return "expired" if one.expires_at <= present else "open"


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

    with moved_when_complete(file) as temporary:
        segno.make(link, error="m").save(str(temporary), scale=10, border=4)
