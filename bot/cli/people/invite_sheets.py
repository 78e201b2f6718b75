"""`invite sheets`: a page to print for each area, with its link, code and questions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_new, moved_when_complete
from bot.cli.people.links import bot_username, no_link_reason, short_codes, zalo_links
from bot.cli.places import area_of, commune_of
from bot.cli.session import now, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from handlers.joining.sheet_invitations import AreaSheets
    from storage.places.places import Commune, Unit

DEFAULT_DAYS = 30
SHEET_USES = 9  # the members of a team


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
    from handlers.flow.deployment import Deployment
    from handlers.joining.sheet_invitations import Printed, make_sheets

    username = bot_username()
    zalo = zalo_links(read(lambda tx: commune_of(tx, commune).code))
    if username is None and not zalo:
        raise Failure(_("No sheets were made. {why}", why=no_link_reason()))
    deployment = Deployment(
        settings().timezone, username or "", short_codes=short_codes(), code_bots=lambda _: zalo
    )
    began, printed = now(), Printed(uses, days, language)

    def make(tx: "Connection") -> "tuple[AreaSheets, list[Unit]]":
        one = commune_of(tx, commune)
        areas, invited = _areas(tx, one, only, began)
        return make_sheets(tx, one, areas, printed, began, deployment), invited

    made, invited = write(make)
    with moved_when_complete(file) as temporary:
        temporary.write_bytes(made.write())
    click.echo(
        _(
            "{file} is written: {count} sheet(s), good for {uses} people each.",
            file=file,
            count=len(made.sheets),
            uses=uses,
        )
    )
    if invited:
        message = _("No sheet for {areas}: an invitation is open there (`invite list`).",
                 areas=", ".join(one.code for one in invited))  # fmt: skip
        click.echo(message + " " + _("With --area they get another."), err=True)


def _areas(
    tx: "Connection", commune: "Commune", only: Sequence[str], present: "datetime"
) -> "tuple[list[Unit], list[Unit]]":
    """Return the areas that get a sheet, and those left out because of an open invitation.

    A Failure if no area is left: a second sheet for an area must be asked for with --area.
    """
    from handlers.joining.sheet_invitations import without_invitation
    from storage.places.places import units_of

    if only:
        return [area_of(tx, commune.id, text) for text in only], []
    areas = units_of(tx, commune.id, present.astimezone(settings().timezone).date())
    if not areas:
        raise Failure(_("{name} has no areas yet; import a roster first.", name=commune.name))
    wanted = without_invitation(tx, commune.id, areas, present)
    if not wanted:
        raise Failure(
            _("Every area of {name} has an open invitation already; no sheet was made.",
              name=commune.name) + " " + _("With --area they get another.")
        )  # fmt: skip
    return wanted, [one for one in areas if one not in wanted]


def _check_documents() -> None:
    from handlers.joining.sheet_invitations import can_be_written

    if not can_be_written():
        raise missing_extra(_("Sheets"), "documents")
