"""`roster`: imports and exports communes, areas, figures and invitations as a workbook."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.failure import Failure, missing_extra
from bot.cli.files import check_writable, make_folder_of, moved_when_complete
from bot.cli.people.invite import listed
from bot.cli.people.links import bot_username, join_link, no_link_reason, short_codes
from bot.cli.session import (
    database_exists,
    database_location,
    now,
    print_json,
    read,
    read_empty,
    table,
    write,
)
from bot.language import current_language
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from handlers.roster.applying import Applied
    from handlers.roster.cell_values import Remark
    from handlers.roster.plan import RosterPlan
    from handlers.roster.rows import Progress, Records

T = TypeVar("T")
_ON_A_SCREEN = 30
_FILE = click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(("vi", "en")),
    default="vi",
    show_default=True,
    help="Language of the column titles.",
)


@click.group()
def roster() -> None:
    """Communes, areas, figures and invitations as a workbook."""


@roster.command()
@_FILE
@_LANGUAGE
def template(file: Path, language: str) -> None:
    """Write an empty workbook with all columns and an explanation."""
    from handlers.roster.writing import write_template

    make_folder_of(file)
    if file.exists():
        raise Failure(
            _("{file} exists already; choose another name, or delete it first.", file=file)
        )
    with moved_when_complete(file) as temporary:
        _with_extra(lambda: write_template(temporary, language))
    click.echo(_("{file} is written; fill it in and `roster import` it.", file=file))


@roster.command("import")
@_FILE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Import what looks like a duplicate without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(file: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Import a workbook, all of it or nothing; a second import changes nothing.

    What changes, what is left out and what looks like a duplicate is shown first. New invitations
    are printed with their links, which can't be had again.
    """
    if not file.exists():
        raise click.UsageError(_("There is no file {file}.", file=file))
    with _progress(_("Reading"), shown=not as_json) as progress:
        records = _with_extra(lambda: _read(file, progress))
    present = now()
    new = not database_exists()
    if new:
        makes = _("the import makes it") if dry_run else _("it is made now")
        click.echo(
            _(
                "There is no database at {place} yet; {makes}.",
                place=database_location(),
                makes=makes,
            ),
            err=as_json,
        )
    plan = (read_empty if new else read)(lambda tx: _plan_of(file, records, tx, present))
    if not as_json:
        _print_plan(plan, whole=dry_run)
    if plan.doubts and not (dry_run or yes):
        _ask_about(plan, shown=not as_json)
    applied = None
    if not dry_run and not plan.empty:
        with _progress(_("Writing"), shown=not as_json) as progress:
            applied = write(lambda tx: _apply(file, records, plan, tx, present, progress), make=new)
    if as_json:
        print_json(_fields(plan, applied))
    elif applied is not None:
        click.echo(_("Changed: {changes}.", changes=_summary(plan)))
        _print_links(applied)


def _ask_about(plan: "RosterPlan", *, shown: bool) -> None:
    """Ask to confirm apparent duplicates; raise a Failure without a yes or without a terminal."""
    if not (shown and sys.stdin.isatty()):
        doubts = _sentences(plan.doubts)
        raise Failure(
            "\n".join([*doubts, _("Nothing was taken in. If it is meant so, add --yes.")])
        )
    _print_remarks(plan.doubts)
    if not click.confirm(_("Is it meant so?"), err=True):
        raise Failure(_("Nothing was taken in."))


def _print_remarks(remarks: "Sequence[Remark]") -> None:
    for sentence in _sentences(remarks):
        click.echo(sentence)


def _sentences(remarks: "Sequence[Remark]", language: str | None = None) -> list[str]:
    from handlers.texts import texts_of

    return [one.text(texts_of(language or current_language())) for one in remarks]


def _read(file: Path, progress: "Progress") -> "Records":
    from bot.file_sandbox.workbook import workbook_cells
    from handlers.roster.cell_values import ProblemText, RefusedError
    from handlers.roster.cells import LARGEST
    from handlers.roster.rows import read_cells, refused_workbook

    if file.stat().st_size > LARGEST:
        return refused_workbook(ProblemText("file_too_large", {"most": LARGEST >> 20}))
    try:
        return read_cells(asyncio.run(workbook_cells(file.read_bytes())), progress)
    except RefusedError as refused:
        return refused_workbook(refused.reason)


def _plan_of(file: Path, records: "Records", tx: "Connection", present: datetime) -> "RosterPlan":
    from handlers.roster.planning import plan_records
    from handlers.roster.rows import Problems
    from handlers.texts import texts_of

    plan = plan_records(records, tx, present)
    if isinstance(plan, Problems):
        sentences = [problem.sentence(texts_of(current_language())) for problem in plan.problems]
        raise Failure("\n".join([_("{file} was not taken in:", file=file), *sentences]))
    return plan


def _apply(
    file: Path,
    records: "Records",
    shown: "RosterPlan",
    tx: "Connection",
    present: datetime,
    progress: "Progress",
) -> "Applied":
    """Apply the plan that was shown; Failure if the data has changed since."""
    from handlers.roster.applying import apply

    if _plan_of(file, records, tx, present) != shown:
        raise Failure(
            _("Something was changed meanwhile; {file} was not taken in. Try it again.", file=file)
        )
    return apply(tx, shown, present, short_codes(), progress=progress)


def _print_plan(plan: "RosterPlan", *, whole: bool) -> None:
    """Print the changes as a table: all of them with `whole`, else at most a screen."""
    _print_remarks(plan.left_aside)
    if plan.empty:
        click.echo(_("Everything stands as in the workbook; nothing to change."))
        return
    rows = [change.row for change in plan.changes(_)]
    shown = rows if whole else rows[:_ON_A_SCREEN]
    click.echo("\n".join(table([(_("Where"), _("What"), _("Change")), *shown])))
    if len(rows) > len(shown):
        click.echo(_("… and {count} more; --dry-run shows them all.", count=len(rows) - len(shown)))
    if whole:
        _print_remarks(plan.doubts)
        click.echo(_("Would change: {changes}.", changes=_summary(plan)))


@roster.command()
@_FILE
@_LANGUAGE
def export(file: Path, language: str) -> None:
    """Write what is stored as a workbook, which changes nothing when it is imported."""
    from handlers.roster.writing import export_roster

    check_writable(file)
    with moved_when_complete(file) as temporary:
        counts = _with_extra(lambda: read(lambda tx: export_roster(tx, temporary, now(), language)))
    contents = ", ".join(f"{count} {_(name)}" for name, count in counts.items())
    click.echo(_("{file} is written: {held}.", file=file, held=contents))


def _with_extra(work: "Callable[[], T]") -> "T":
    try:
        return work()
    except ImportError:
        raise missing_extra(_("Workbooks"), "documents") from None


def _summary(plan: "RosterPlan") -> str:
    return ", ".join(f"{count} {_(name)}" for name, count in plan.counts.items() if count)


def _fields(plan: "RosterPlan", applied: "Applied | None") -> dict[str, object]:
    username = bot_username() if applied and applied.invitations else None
    return {
        "changed": applied is not None,
        "counts": plan.counts,
        "changes": [
            {"place": c.place, "what": c.what, "old": c.old, "new": c.new} for c in plan.changes()
        ],
        "left_aside": _sentences(plan.left_aside, "en"),
        "doubts": _sentences(plan.doubts, "en"),
        "invitations": [
            {"id": one.invitation.id, "role": one.invitation.role, "code": one.code,
             "short_code": one.short_code, "link": join_link(username, one.code)}
            for one in (applied.invitations if applied else ())
        ],
    }  # fmt: skip


def _print_links(applied: "Applied") -> None:
    if not applied.invitations:
        return
    username = bot_username()
    places = read(lambda tx: {one["id"]: one["place"] for one in listed(tx, None)})
    for new in applied.invitations:
        one = new.invitation
        whom = ", ".join(
            str(part)
            for part in (places[one.id] or _("all communes"), _(one.role), one.label)
            if part
        )
        link = join_link(username, new.code)
        code = _("code {code}", code=new.short_code)
        click.echo(f"{whom}: {f'{link} ({code})' if link else code}")
    if username is None:
        click.echo(no_link_reason(), err=True)


@contextmanager
def _progress(label: str, *, shown: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's standard error; yields a function (done, total)."""
    hidden = not shown or not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def progress(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield progress
