"""`status`: the result of a commune, or of all."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.places import commune_of
from bot.cli.session import Moment, now, print_json, read, settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from handlers.status.picture import Picture
    from storage.places import Commune
    from storage.rounds import Round


@click.command()
@click.option("--commune", metavar="C", help="The commune's code or name; all if not given.")
@click.option("--round", "round_text", metavar="R", help="A round's id or name; else the newest.")
@click.option("--at", type=Moment(), metavar="DATE", help="As it stood at that moment.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: an object, or several communes' list."
)
def status(commune: str | None, round_text: str | None, at: datetime | None, as_json: bool) -> None:
    """The result: verdicts, figures, gaps, and who is missing."""
    from handlers.status.copying import plain_text
    from handlers.status.machine import status_fields
    from handlers.texts import texts_of

    if round_text is not None and commune is None:
        raise click.UsageError("--round goes with --commune.")
    present = now()
    if at is not None and at > present:
        raise Failure("--at can't be in the future.")

    pictures = read(lambda tx: _pictures(tx, commune, round_text, present, at))
    if as_json:
        fields = [status_fields(picture) for picture in pictures]
        print_json(fields[0] if len(fields) == 1 else fields)
        return
    texts = texts_of("vi")
    for number, picture in enumerate(pictures):
        if number:
            click.echo("")
        click.echo(plain_text(picture, texts, settings().timezone))


def _pictures(
    tx: "Connection", commune: str | None, round_text: str | None, present: datetime,
    at: datetime | None,
) -> "list[Picture]":  # fmt: skip
    from handlers.status.loading import picture_of
    from storage import places

    if commune is not None:
        one = commune_of(tx, commune)
        round_ = _round_of(tx, one, round_text, present, at)
        if round_ is None:
            raise Failure(f"{one.name} {'had no round then' if at else 'has no round yet'}.")
        return [picture_of(tx, round_, present, at=at)]
    rounds = [_round_of(tx, one, None, present, at) for one in places.communes(tx)]
    if not any(rounds):
        raise Failure("No commune had a round then." if at else "No commune has a round yet.")
    return [picture_of(tx, one, present, at=at) for one in rounds if one is not None]


def _round_of(
    tx: "Connection", commune: "Commune", text: str | None, present: datetime, at: datetime | None
) -> "Round | None":
    from handlers.status.loading import rounds_shown
    from storage import rounds

    found = rounds.list_rounds(tx, commune.id)
    if text is None and at is not None:
        begun = (r for r in found if r.state in {"open", "closed"} and r.opens_at <= at)
        return next(begun, None)
    if text is None:
        shown = rounds_shown(tx, commune.id, present)
        return shown[-1] if shown else None
    by_id = [one for one in found if text == str(one.id)]
    by_name = [one for one in found if text.casefold() == one.name.casefold()]
    if not by_id and not by_name:
        raise Failure(f"{commune.name} has no round {text!r}; `round list` shows them.")
    return (by_id or by_name)[0]
