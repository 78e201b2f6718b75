"""`check`: reports what is set up, what can be reached, and what is wrong."""

import asyncio

import click

from bot.cli.failure import Failure
from bot.cli.session import print_json, settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(as_json: bool) -> None:
    """Check settings, database, criteria sets, Telegram, webhook, failed updates and the port.

    Exits 1 when something is wrong.
    """
    from bot.operations.check import check_all

    found = asyncio.run(check_all(settings()))
    if as_json:
        print_json([{"what": f.what, "ok": f.ok, "text": f.text} for f in found])
    else:
        for one in found:
            click.echo(f"{'ok ' if one.ok else 'BAD'}  {one.what}: {one.text}")
    wrong = [one.what for one in found if not one.ok]
    if wrong:
        raise Failure(f"Wrong: {', '.join(wrong)}.")
