"""`migrate`, `backup`, `restore`, `copy-database`: the database as a whole."""

import asyncio
from pathlib import Path

import click

from bot.cli.failure import Failure
from bot.cli.files import make_folder_of
from bot.cli.session import now, settings
from bot.language import gettext as _

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this program (run does it by itself).

    Before it changes anything it makes a backup in DATA_DIR/backups. Stop the bot first.
    """
    from bot.operations.backups import backup_first
    from storage.engine.database import Database
    from storage.engine.schema_upgrade import current_revision, head_revision, location_of

    given = settings()
    url = given.database_url.get_secret_value()
    if current_revision(url) == head_revision():
        click.echo(_("The database {place} is up to date; nothing to do.", place=location_of(url)))
        return

    async def bring_up() -> list[str]:
        make_backup = backup_first(
            given, now(), lambda _revision, made: click.echo(_("Backup made: {made}.", made=made))
        )
        async with Database(url, exclusive=True, before_upgrade=make_backup) as database:
            return database.applied

    applied = asyncio.run(bring_up())
    click.echo(
        _("Applied to {place}: {applied}.", place=location_of(url), applied=", ".join(applied))
    )


@click.command()
@_FILE
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def backup(file: Path, force: bool) -> None:
    """Write the database and its evidence into one file (.tar); the bot may go on running."""
    from bot.operations.backups import make_backup

    if file.exists() and not force:
        raise Failure(_("{file} is there already; name another file, or use --force.", file=file))
    given = settings()
    url = given.database_url.get_secret_value()
    make_folder_of(file)
    made = asyncio.run(make_backup(url, given.data_dir, file, now()))
    manifest = made.manifest
    size = file.stat().st_size / 1_000_000
    click.echo(
        _(
            "{file}: {size:.1f} MB, the database and {count} files of evidence, as of "
            "{made_at:%d/%m/%Y %H:%M}.",
            file=file,
            size=size,
            count=len(manifest.files) - 1,
            made_at=manifest.made_at.astimezone(given.timezone),
        )
    )
    if made.missing:
        click.echo(
            _(
                "{count} files of evidence that the database names aren't there; `check` says "
                "which.",
                count=len(made.missing),
            ),
            err=True,
        )


@click.command()
@_FILE
def restore(file: Path) -> None:
    """Fill an empty database and DATA_DIR from a backup; `check` says whether all is right."""
    from bot.operations.backups import restore_backup

    given = settings()
    url = given.database_url.get_secret_value()
    manifest = asyncio.run(restore_backup(file, url, given.data_dir))
    click.echo(
        _(
            "Restored: the database and {count} files of evidence, as of {made_at:%d/%m/%Y %H:%M}.",
            count=len(manifest.files) - 1,
            made_at=manifest.made_at.astimezone(given.timezone),
        )
    )


@click.command("copy-database")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_database(source: str, target: str) -> None:
    """Copy a database into an empty one, for example from SQLite to PostgreSQL.

    FROM and TO are addresses as in DATABASE_URL. Stop the bot first: what it wrote meanwhile
    would stay behind.
    """
    from storage.engine.snapshots import fill_from_snapshot, take_snapshot, without_bot
    from storage.scratch_files import Scratch

    data_dir = settings().data_dir

    async def copy() -> None:
        with (
            without_bot(source),
            Scratch.below(data_dir) as scratch,
        ):
            file = scratch.path / "snapshot.db"
            await take_snapshot(source, file)
            await fill_from_snapshot(target, file, data_dir)

    from bot.settings import check_database

    for name, address in (("FROM", source), ("TO", target)):
        try:
            check_database(address)
        except ValueError as error:
            raise Failure(f"{name} {error}.") from None
    if source == target:
        raise Failure(_("FROM and TO are the same database."))
    asyncio.run(copy())
    click.echo(_("Copied. Set DATABASE_URL to the new address and start the bot again."))
