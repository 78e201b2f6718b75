"""`roster`: communes, areas, figures and people as a workbook."""

from pathlib import Path

import click

from bot.cli.failure import Failure

_FILE = click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def roster() -> None:
    """Communes, areas, figures and people as a workbook."""


@roster.command()
@_FILE
def template(file: Path) -> None:
    """Write an empty workbook with the columns and an example."""
    raise Failure(f"{file} was not written: workbooks are not in this version yet.")


@roster.command("import")
@_FILE
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_(file: Path, dry_run: bool) -> None:
    """Take a workbook in; running it twice changes nothing the second time."""
    raise Failure(f"{file} was not read: workbooks are not in this version yet.")


@roster.command()
@_FILE
def export(file: Path) -> None:
    """Write what is held as a workbook."""
    raise Failure(f"{file} was not written: workbooks are not in this version yet.")
