"""`history`: every change of an area, newest first."""

from typing import TYPE_CHECKING, Any

import click

from bot.cli.failure import Failure
from bot.cli.places import commune_of
from bot.cli.session import print_json, read, settings
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.places.places import Unit

_ALL = 1 << 40


@click.command()
@click.option("--area", required=True, metavar="A", help='The area\'s code or label, or "office".')
@click.option("--commune", metavar="C", help="The commune, where several have such an area.")
@click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="Language of the sentences.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(area: str, commune: str | None, language: str, as_json: bool) -> None:
    """Every change of an area: who, when, old, new, by which way.

    "office" is the commune's office, with the changes of the commune as a whole.
    """
    changes = read(lambda tx: _changes(tx, _unit(tx, commune, area), language))
    if as_json:
        print_json(changes)
        return
    if not changes:
        click.echo(_("Nothing has changed there yet."))
    for change in changes:
        click.echo(change["sentence"])


def _changes(tx: "Connection", unit: "Unit", language: str) -> list[dict[str, Any]]:
    from handlers.history.sentences import HistoryReader, author_name, sentence, way_of
    from handlers.texts import texts_of, without_tags
    from storage import history as changes
    from storage.rounds import rounds

    if unit.office:
        entries = changes.history_of_office(tx, unit.commune_id, unit.id, limit=_ALL)
    else:
        entries = changes.history_of_unit(tx, unit.id, limit=_ALL)
    reading = HistoryReader(tx, texts_of(language), settings().timezone)
    names = {one.id: one.name for one in rounds.list_rounds(tx, unit.commune_id)}
    return [
        {
            "at": one.at,
            "who": str(author_name(reading, one)),
            "what": one.what,
            "way": one.way,
            "way_in_words": way_of(reading, one),
            "round": names.get(one.round_id or 0),
            "indicator": one.indicator,
            "old": _fields(one.old),
            "new": _fields(one.new),
            "sentence": without_tags(sentence(reading, one)),
        }
        for one in entries
    ]


def _fields(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if stored is None else {name: one for name, one in stored.items() if name != "v"}


def _unit(tx: "Connection", commune: str | None, area: str) -> "Unit":
    from storage.places import places

    communes = [commune_of(tx, commune)] if commune is not None else places.communes(tx)
    if area == places.OFFICE_CODE:
        found = [places.office_of(tx, one.id) for one in communes]
    else:
        areas = (places.area_by(tx, one.id, area) for one in communes)
        found = [one for one in areas if one is not None]
    if not found:
        raise Failure(_("There is no area {area!r}; give its code or its full label.", area=area))
    if len(found) > 1:
        raise Failure(
            _(
                "{count} communes have an area {area!r}; give --commune.",
                count=len(found),
                area=area,
            )
        )
    return found[0]
