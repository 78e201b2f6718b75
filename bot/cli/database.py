"""`migrate`: brings the database to this program's schema."""

import click

from bot.cli.session import settings


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this program (run does it by itself)."""
    from storage.migrating import migrate as bring_up

    applied = bring_up(settings().database_url.get_secret_value())
    if applied:
        click.echo(f"Applied: {', '.join(applied)}.")
    else:
        click.echo("The database is up to date; nothing to do.")
