"""`/lichsu`: a reporter's own areas, an officer's commune; the newest change first, in pages."""

from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import page_of, turning
from handlers.flow.press import Press, pack
from handlers.history.sentences import reader, sentence
from handlers.report.wording import unit_text
from storage import history, places
from storage.history import Entry
from storage.places import Unit

_CHANGES = 6
_AREAS = 5
_LAST_PAGE = 400


@command("lichsu", "history", place=80, menu=lambda c: bool(c.areas or c.communes_read), reads=True)
def history_command(context: Context, argument: str) -> Reply:
    """The changes of the one area, or of the area that is named; else which one."""
    units = _units(context)
    named = _named(context, units, argument) if argument else []
    chosen = named if len(named) == 1 else units
    if len(chosen) == 1:
        return _changes(context, chosen[0], 0)
    return _which(context, units, 0)


def history_press(context: Context, press: Press) -> Reply | None:
    """A page of an area's changes, or of the areas; None: not this person's."""
    units = _units(context)
    page = press.number(1) or 0
    if press.action == "h.areas":
        return _which(context, units, press.number(0) or 0) if units else None
    unit = next((one for one in units if one.id == press.number(0)), None)
    return _changes(context, unit, page) if unit is not None and press.action == "h.area" else None


def _units(context: Context) -> list[Unit]:
    """The areas reported for, and all of the communes that are led or run; offices last."""
    found = {one: places.unit(context.tx, one) for one in context.areas}
    for commune in context.communes_read:
        found |= {one.id: one for one in places.units_of(context.tx, commune)}
        office = places.office_of(context.tx, commune)
        found[office.id] = office
    return list(found.values())


def _named(context: Context, units: list[Unit], text: str) -> list[Unit]:
    """Those of the units that the text names."""
    areas = {one: places.area_by(context.tx, one, text) for one in {u.commune_id for u in units}}
    found = {one.id for one in areas.values() if one is not None}
    offices = (one for one in units if one.office)
    found |= {o.id for o in offices if text.casefold() in {o.code, _name(context, o).casefold()}}
    return [one for one in units if one.id in found]


def _name(context: Context, unit: Unit) -> str:
    if not unit.office:
        return unit_text(unit, context.texts)
    return places.commune(context.tx, unit.commune_id).name


def _which(context: Context, units: list[Unit], page: int) -> Reply:
    home = (Button(context.texts.say("button.home"), pack("home")),)
    if not units:
        return context.shows(Screen(context.texts.say("history.nobody"), (home,)))
    some, page, pages = page_of(units, page, _AREAS)
    rows: list[tuple[Button, ...]] = [
        (Button(_name(context, one), pack("h.area", one.id)),) for one in some
    ]
    rows += turning(page, pages, lambda n: pack("h.areas", n), context.texts)
    return context.shows(Screen(context.texts.say("history.which"), (*rows, home)))


def _changes(context: Context, unit: Unit, page: int) -> Reply:
    texts = context.texts
    page = min(page, _LAST_PAGE)
    entries = newest(context, unit, (page + 1) * _CHANGES + 1)
    if page * _CHANGES >= len(entries):
        page = max(0, (len(entries) - 1) // _CHANGES)
    here = entries[page * _CHANGES : (page + 1) * _CHANGES]
    read = reader(context.tx, texts, context.deployment.zone)
    key = "history.title_commune" if unit.office else "history.title"
    lines: list[str] = [texts.say(key, unit=_name(context, unit))]
    lines += [f"\n{sentence(read, one)}" for one in here]
    if not here:
        lines.append(texts.say("history.none"))
    more = len(entries) > (page + 1) * _CHANGES
    pages = page + 2 if more else page + 1
    rows = [*turning(page, pages, lambda n: pack("h.area", unit.id, n), texts)]
    last = [Button(texts.say("button.home"), pack("home"))]
    if len(_units(context)) > 1:
        last.insert(0, Button(texts.say("history.button.areas"), pack("h.areas")))
    return context.shows(Screen("\n".join(lines), (*rows, tuple(last))))


def newest(context: Context, unit: Unit, most: int) -> list[Entry]:
    """The newest changes of an area; of the office with those of the whole commune."""
    if unit.office:
        return history.history_of_office(context.tx, unit.commune_id, unit.id, limit=most)
    return history.history_of_unit(context.tx, unit.id, limit=most)
