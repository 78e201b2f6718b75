"""`invite sheets`: a page to print for each area, with the ways in and the questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_new, made_aside
from bot.cli.links import bot_username, join_link, no_name, short_codes, zalo_links
from bot.cli.places import area_of, commune_of
from bot.cli.session import now, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from bot.cli.links import BotLink
    from handlers.joining.sheets import Way
    from storage.places import Commune, Unit

DEFAULT_DAYS = 30
SHEET_USES = 9  # the members of a team


@dataclass(frozen=True, slots=True)
class _NewSheet:
    """The invitation of an area, its codes, and the figures that its sheet shows."""

    area: "Unit"
    code: str
    short_code: str
    figures: dict[str, int]


@click.command()
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
    help="How many days they are valid.",
)
@click.option(
    "--language",
    type=click.Choice(("vi", "en")),
    default="vi",
    show_default=True,
    help="Language of the sheets.",
)
@click.option("--force", is_flag=True, help="Overwrite a file of that name.")
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
    """Write a page to print for each area: a new link (QR) and code, steps, questions.

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
    zalo = zalo_links(read(lambda tx: commune_of(tx, commune).code))
    if username is None and not zalo:
        raise Failure(_("No sheets were made. {why}", why=no_name()))
    began = now()
    until = began + timedelta(days=days)

    def make(tx: "Connection") -> "tuple[list[_NewSheet], str, str]":
        from storage.invitations import create_invitation
        from storage.places import figures_of, units_of
        from storage.short_codes import grouped

        one = commune_of(tx, commune)
        today = began.astimezone(settings().timezone).date()
        areas = [area_of(tx, one.id, text) for text in only]
        if not only:
            areas, left_out = _without_invitation(tx, one, units_of(tx, one.id, today), began)
            invited.extend(left_out)
        made, codes = [], short_codes()
        for area in areas:
            invitation, code = create_invitation(
                tx, "reporter", now=began, expires_at=until, uses=uses, commune_id=one.id,
                unit_id=area.id,
            )  # fmt: skip
            (short,) = codes.give(tx, [invitation.id])
            made.append(_NewSheet(area, code, grouped(short), figures_of(tx, area.id)))
        return made, one.name, _criteria_of(tx, one.id)

    invited: list[Unit] = []
    made, name, criteria = write(make)
    _write_sheets(file, made, name, criteria, (username, zalo, uses, until, began, language))
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
    made: "list[_NewSheet]",
    commune: str,
    criteria: str,
    about: "tuple[str | None, list[BotLink], int, datetime, datetime, str]",
) -> None:
    from criteria.set_file import parse_criteria
    from handlers.joining.sheets import Sheet, Way, write_sheets
    from handlers.texts import texts_of

    username, zalo, uses, until, began, language = about
    by_code = tuple(Way(one.bot, one.name, one.link, False) for one in zalo)
    pages = [
        Sheet(
            commune, texts_of(language).unit(one.area),
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
