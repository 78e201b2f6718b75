"""`export`: pictures, workbook, report, data or evidence of a round, or of many communes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_writable
from bot.cli.places import check_one_choice, commune_of, communes_of, round_of
from bot.cli.session import now, read, settings, write
from bot.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from handlers.exports.formats import ExportFormat, Subject
    from handlers.exports.material import Material
    from handlers.texts import Texts
    from storage.rounds.rounds import Round


class _FormatName(click.ParamType[str]):
    """The name of an export format; it imports the formats only when it needs them."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's
        from handlers.exports.formats import FORMATS

        return f"[{'|'.join(FORMATS)}]"


def _format_of(name: str, known: "Mapping[str, ExportFormat]") -> "ExportFormat":
    if name not in known:
        raise click.BadParameter(
            _("{value!r} is none of {formats}.", value=name, formats=", ".join(known)),
            param_hint="'--format'",
        )
    return known[name]


class _WithFormats(click.Command):
    """A command whose help lists the formats."""

    def format_epilog(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        from handlers.exports.formats import FORMATS, OF_MANY

        for title, known in ((_("Formats"), FORMATS), (_("Formats of many communes"), OF_MANY)):
            with formatter.section(title):
                formatter.write_dl([(one.name, _(one.description)) for one in known.values()])


@click.command(cls=_WithFormats)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--commune", metavar="C", help="The commune's code or name.")
@click.option("--group", metavar="G", help="All communes of a group.")
@click.option("--all", "everywhere", is_flag=True, help="All communes.")
@click.option("--round", "round_text", metavar="R", help="A round's id or name; else the newest.")
@click.option(
    "--format", "format_name", type=_FormatName(), required=True, help="The format of FILE."
)
@click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="Language of the file.",
)
@click.option(
    "--document",
    metavar="TEXT",
    help="The document that a Word report implements: number, date, issuer."
    ' Kept for the round; "": none.',
)
def export(
    file: Path,
    commune: str | None,
    group: str | None,
    everywhere: bool,
    round_text: str | None,
    format_name: str,
    language: str,
    document: str | None,
) -> None:
    """Write a round, or many communes, to FILE: the bytes that the buttons in the chat send.

    docs/exports.md describes the formats.
    """
    from handlers.exports.formats import FORMATS, OF_MANY
    from handlers.status.files import FORMAT
    from handlers.texts import texts_of

    check_one_choice(commune, group, everywhere=everywhere)
    format_ = _format_of(format_name, FORMATS if commune is not None else OF_MANY)
    check_writable(file)
    if commune is None:
        if round_text is not None or document is not None:
            raise click.UsageError(_("--round and --document go with --commune."))
        _write_many(file, group, format_, language)
        return
    is_word = format_.name == FORMAT
    if document is not None and not is_word:
        raise click.UsageError(_("--document goes with --format {format}.", format=FORMAT))
    texts = texts_of(language)
    if is_word:
        _name_document(commune, round_text, document)
    material = read(lambda tx: _material(tx, commune, round_text, language))
    _write(file, material, format_, texts, FORMATS)
    if is_word:
        write(lambda tx: _note_made(tx, material.status.id))


def _write_many(file: Path, group: str | None, format_: "ExportFormat", language: str) -> None:
    from handlers.exports.communes_material import many_of
    from handlers.exports.formats import OF_MANY
    from handlers.texts import texts_of

    zone = settings().timezone
    many = read(lambda tx: many_of(tx, communes_of(tx, None, group), now(), zone))
    _write(file, many, format_, texts_of(language), OF_MANY)


def _write(
    file: Path, material: "Subject", format_: "ExportFormat", texts: "Texts",
    among: "Mapping[str, ExportFormat]",
) -> None:  # fmt: skip
    from bot.operations.disk_full import explain_full_disk
    from handlers.exports.formats import make
    from storage.scratch_files import Scratch

    folder = settings().data_dir
    with explain_full_disk(file.absolute().parent), Scratch.beside(file, folder) as scratch:
        try:
            made = make(format_.name, material, texts, folder, scratch.path, among)
        except ImportError as error:
            if format_.extra is None:
                raise
            raise missing_extra(
                _("Files of the format {name}", name=format_.name), format_.extra
            ) from error
        # A format may make several files: the first gets the name FILE, the others a suffix.
        for number, one in enumerate(made):
            ending = one.stem.rpartition("_")[2]
            target = file if number == 0 else file.with_name(f"{file.stem}-{ending}{file.suffix}")
            one.replace(target)
            click.echo(_("{target}: {size:,} bytes", target=target, size=target.stat().st_size))


def _name_document(commune: str, round_text: str | None, given: str | None) -> None:
    """Store which document the Word report implements; on a terminal, ask once for each round."""
    from handlers.status.files import LONGEST, document_in, earlier_document
    from storage.results.word_drafts import draft_of, store_document

    def load(tx: "Connection") -> tuple[int, str | None, str | None]:
        round_ = _round(tx, commune, round_text)
        return round_.id, draft_of(tx, round_.id).document, earlier_document(tx, round_)

    round_id, present, earlier = read(load)
    if given is None and present is None and sys.stdin.isatty():
        asked = _("Which document does the report carry out? Number, date, issuer; Enter for none")
        given = click.prompt(asked, default=earlier or "", show_default=bool(earlier), err=True)
    if given is None:
        if present is None:
            click.echo(
                _("The report names no document that it implements; --document adds one."), err=True
            )
        return
    document = document_in(given) if given.strip() else ""
    if document is None:
        raise Failure(_("--document takes 3 to {longest} characters.", longest=LONGEST))
    write(lambda tx: store_document(tx, round_id, document))


def _note_made(tx: "Connection", round_id: int) -> None:
    """Store a checksum of the Word file's figures, so that `/status` shows when they change."""
    from handlers.status.loading import load_status
    from storage.results.word_drafts import store_made
    from storage.rounds import rounds

    present = now()
    status = load_status(tx, rounds.known_round(tx, round_id), present)
    store_made(tx, round_id, status.figures_checksum(), present)


def _round(tx: "Connection", commune: str, round_text: str | None) -> "Round":
    one = commune_of(tx, commune)
    round_ = round_of(tx, one, round_text, now())
    if round_ is None:
        raise Failure(_("{name} has no round yet.", name=one.name))
    if round_.state in {"planned", "cancelled"}:
        raise Failure(
            _(
                "{name} is {state}: there is nothing to export.",
                name=round_.name,
                state=_(round_.state),
            )
        )
    return round_


def _material(tx: "Connection", commune: str, round_text: str | None, language: str) -> "Material":
    from handlers.exports.material import material_of
    from handlers.texts import texts_of

    round_ = _round(tx, commune, round_text)
    return material_of(tx, round_, texts_of(language), settings().timezone)
