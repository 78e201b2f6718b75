"""`export`: pictures, workbook, report, data or evidence of a round, as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_writable
from bot.cli.places import commune_of, round_of
from bot.cli.session import now, read, settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from handlers.exports.formats import ExportFormat
    from handlers.exports.material import Material


class _FormatName(click.ParamType["ExportFormat"]):
    """The name of an export format; the formats are imported only when needed."""

    name = "format"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> "ExportFormat":
        from handlers.exports.formats import FORMATS

        if value not in FORMATS:
            self.fail(f"{value!r} is none of {', '.join(FORMATS)}.", param, ctx)
        return FORMATS[value]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's
        from handlers.exports.formats import FORMATS

        return f"[{'|'.join(FORMATS)}]"


class _WithFormats(click.Command):
    """A command whose help lists the formats."""

    def format_epilog(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        from handlers.exports.formats import FORMATS

        with formatter.section("Formats"):
            formatter.write_dl([(one.name, one.description) for one in FORMATS.values()])


@click.command(cls=_WithFormats)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--commune", required=True, metavar="C", help="The commune's code or name.")
@click.option("--round", "round_text", metavar="R", help="A round's id or name; else the newest.")
@click.option("--format", "format_", type=_FormatName(), required=True, help="Of FILE.")
@click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="Of the file's words.",
)
def export(
    file: Path, commune: str, round_text: str | None, format_: "ExportFormat", language: str
) -> None:
    """Write a round to FILE: the same bytes that the buttons under /status send.

    docs/exports.md describes the formats.
    """
    from bot.operations.disk_full import room_on
    from handlers.exports.formats import make
    from handlers.texts import texts_of
    from storage.unfinished import Scratch

    check_writable(file)
    texts, folder = texts_of(language), settings().data_dir
    material = read(lambda tx: _material(tx, commune, round_text, language))
    with room_on(file.absolute().parent), Scratch.beside(file, folder) as scratch:
        try:
            made = make(format_.name, material, texts, folder, scratch.path)
        except ImportError as error:
            if format_.extra is None:
                raise
            raise missing_extra(f"Files of the format {format_.name}", format_.extra) from error
        # A format may have several files: the first gets FILE's name, the others a suffix.
        for number, one in enumerate(made):
            ending = one.stem.rpartition("_")[2]
            target = file if number == 0 else file.with_name(f"{file.stem}-{ending}{file.suffix}")
            one.replace(target)
            click.echo(f"{target}: {target.stat().st_size:,} bytes")


def _material(tx: "Connection", commune: str, round_text: str | None, language: str) -> "Material":
    from handlers.exports.loading import material_of
    from handlers.texts import texts_of

    one = commune_of(tx, commune)
    round_ = round_of(tx, one, round_text, now())
    if round_ is None:
        raise Failure(f"{one.name} has no round yet.")
    if round_.state in {"planned", "cancelled"}:
        raise Failure(f"{round_.name} is {round_.state}: there is nothing to export.")
    return material_of(tx, round_, texts_of(language), settings().timezone)
