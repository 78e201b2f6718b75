"""`check`: shows what is set up, what can be reached, and what is wrong."""

import asyncio

import click

from bot.cli.failure import Failure
from bot.cli.session import print_json, settings
from bot.language import current_language, in_language
from bot.language import gettext as _


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(as_json: bool) -> None:
    """Check settings, database, criteria sets, Telegram, webhook, failed updates and the port.

    Exits 1 when something is wrong.
    """
    from bot.operations.check.check import check_all

    # Programs read the JSON, so it is always in English.
    with in_language("en" if as_json else current_language()):
        found = asyncio.run(check_all(settings()))
    if as_json:
        print_json([{"what": f.what, "ok": f.ok, "text": f.text} for f in found])
    else:
        marks = {True: _("ok "), False: _("BAD")}
        for one in found:
            click.echo(f"{marks[one.ok]}  {_named(one.what)}: {one.text}")
    wrong = [_named(one.what) for one in found if not one.ok]
    if wrong:
        raise Failure(_("Wrong: {wrong}.", wrong=", ".join(wrong)))


def _named(what: str) -> str:
    """Return the translated name of a check; in "criteria phu-tho-2024" the last word is an id."""
    first, gap, rest = what.partition(" ")
    return _(what) if _(what) != what else _(first) + gap + rest
