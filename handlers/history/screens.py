"""`/lichsu`: the changes of an area or commune, the newest first, in pages."""

from typing import Annotated

from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, turning
from handlers.flow.rights import EVERYBODY, MEMBER
from handlers.flow.routes import Next, page
from handlers.history.sentences import HistoryReader, sentence
from handlers.report.wording import unit_names
from storage import history
from storage.history import HistoryEntry
from storage.places import places
from storage.places.places import Unit

_CHANGES = 6
_LAST_PAGE = 400


def _units(context: Context) -> list[Unit]:
    """Return the person's areas, and all units of the communes they may read."""
    found = {one: places.unit(context.tx, one) for one in context.areas}
    for commune in context.communes_read:
        found |= {one.id: one for one in places.units_of(context.tx, commune)}
        office = places.office_of(context.tx, commune)
        found[office.id] = office
    return list(found.values())


ReadableUnit = Annotated[Unit, one_among(lambda it: _units(it.context))]


@command("lichsu", "history", place=80, menu=lambda c: bool(c.areas or c.communes_read), reads=True)
def history_command(context: Context, argument: str) -> Next:
    """Show the changes of the only area, or of the named one; else ask for it."""
    units = _units(context)
    named = _named(context, units, argument) if argument else []
    chosen = named if len(named) == 1 else units
    return Next(changes.at(chosen[0]) if len(chosen) == 1 else which_area.at())


def _named(context: Context, units: list[Unit], text: str) -> list[Unit]:
    """Return the units that the text names."""
    areas = {one: places.area_by(context.tx, one, text) for one in {u.commune_id for u in units}}
    found = {one.id for one in areas.values() if one is not None}
    offices = (one for one in units if one.office)
    found |= {o.id for o in offices if text.casefold() in {o.code, _name(context, o).casefold()}}
    return [one for one in units if one.id in found]


def _name(context: Context, unit: Unit) -> str:
    if not unit.office:
        return context.texts.unit(unit)
    return places.commune(context.tx, unit.commune_id).name


@page("h.areas", right=EVERYBODY)
def which_area(context: Context) -> Screen:
    """Ask for the area; explain to a person without one who can read a history."""
    units = _units(context)
    if not units:
        return ScreenBuilder(context).say("history.nobody").home().screen()
    made = ScreenBuilder(context).say("history.which")
    names = unit_names(context.tx, (one for one in units if not one.office), context.texts)

    def to_changes(unit: Unit) -> Button:
        return Button(names.get(unit.id) or _name(context, unit), changes.data(unit))

    made.listed(units, to_changes, which_area)
    return made.home().screen()


@page("h.area", right=MEMBER)
def changes(context: Context, unit: ReadableUnit) -> Screen:
    """Show a page of the changes; the last one if the number is too high."""
    texts, number = context.texts, min(context.page, _LAST_PAGE)
    entries = _newest(context, unit, (number + 1) * _CHANGES + 1)
    if number * _CHANGES >= len(entries):
        number = max(0, (len(entries) - 1) // _CHANGES)
    here = entries[number * _CHANGES : (number + 1) * _CHANGES]
    read = HistoryReader(context.tx, texts, context.deployment.zone)
    made = ScreenBuilder(context)
    made.say("history.title_commune" if unit.office else "history.title", unit=_name(context, unit))
    for one in here:
        made.line("", sentence(read, one))
    if not here:
        made.say("history.none")
    pages = number + (2 if len(entries) > (number + 1) * _CHANGES else 1)
    made.rows(turning(number, pages, lambda n: changes.data(unit, page=n), texts))
    others = len(_units(context)) > 1
    way_back = (which_area.button(texts, "history.button.areas"),) if others else ()
    return made.row(*way_back, button(texts, "button.home", "home")).screen()


def _newest(context: Context, unit: Unit, most: int) -> list[HistoryEntry]:
    """Return the newest changes of an area; for the office, those of the whole commune."""
    if unit.office:
        return history.history_of_office(context.tx, unit.commune_id, unit.id, limit=most)
    return history.history_of_unit(context.tx, unit.id, limit=most)
