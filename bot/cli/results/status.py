"""`status`: the result of one commune, or of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.places import commune_of, rounds_of
from bot.cli.session import MomentType, now, print_json, read, settings
from bot.language import current_language
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from handlers.status.view import StatusView


@click.command()
@click.option("--commune", metavar="C", help="The commune's code or name; all if not given.")
@click.option(
    "--round", "round_text", metavar="R", help="A round's id or name; else all that are open."
)
@click.option("--at", type=MomentType(), metavar="DATE", help="As it stood at that moment.")
@click.option("--since", type=MomentType(), metavar="DATE", help="What has changed since, and why.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: an object, or a list of several."
)
def status(
    commune: str | None,
    round_text: str | None,
    at: datetime | None,
    since: datetime | None,
    as_json: bool,
) -> None:
    """The result: verdicts, figures, gaps, and who is missing."""
    from handlers.status.changes import change_fields, changes_text
    from handlers.status.loading import load_status_before
    from handlers.status.overview import plain_text
    from handlers.status.view import status_fields
    from handlers.texts import texts_of

    if round_text is not None and commune is None:
        raise click.UsageError(_("--round goes with --commune."))
    present = now()
    if at is not None and at > present:
        raise Failure(_("--at can't be in the future."))
    if since is not None and since >= (at or present):
        raise Failure(_("--since must be before now, or before --at."))

    views = read(lambda tx: _views(tx, commune, round_text, present, at))
    earlier: Sequence[StatusView | None] = [None] * len(views)
    if since is not None:
        earlier = read(lambda tx: [load_status_before(tx, one, since) for one in views])
    if as_json:
        fields = [
            status_fields(now_) | (change_fields(then, now_) if then is not None else {})
            for then, now_ in zip(earlier, views, strict=True)
        ]
        print_json(fields[0] if len(fields) == 1 else fields)
        return
    texts, zone = texts_of(current_language()), settings().timezone
    for number, (then, status) in enumerate(zip(earlier, views, strict=True)):
        if number:
            click.echo("")
        click.echo(
            plain_text(status, texts, zone)
            if then is None
            else changes_text(then, status, texts, zone)
        )


def _views(
    tx: "Connection", commune: str | None, round_text: str | None, present: datetime,
    at: datetime | None,
) -> "list[StatusView]":  # fmt: skip
    from handlers.status.loading import load_status
    from storage.places import places

    communes = [commune_of(tx, commune)] if commune is not None else places.communes(tx)
    found = [one for each in communes for one in rounds_of(tx, each, round_text, present, at)]
    if not found and commune is not None:
        name = communes[0].name
        raise Failure(
            _("{name} had no round then.", name=name)
            if at
            else _("{name} has no round yet.", name=name)
        )
    if not found:
        raise Failure(_("No commune had a round then.") if at else _("No commune has a round yet."))
    return [load_status(tx, one, present, at=at) for one in found]
