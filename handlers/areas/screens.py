"""The list of a commune's areas, and one area: its figures, name and planned changes."""

from handlers.areas.arguments import (
    Area,
    ends_later,
    is_lasting,
    is_name_taken,
    iso_day,
    kinds_of,
    number_in,
    read_name,
)
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import pack
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer import access
from handlers.officer.access import OfficeCommune, OfficeUnit
from storage.places import places, roster
from storage.places.places import Unit
from storage.places.roster import AreaChange, Author
from storage.rounds import rounds


@screen("m.areas", right=OFFICER)
def all_areas(context: Context, commune: OfficeCommune) -> Screen:
    """Show the present and later areas, those that still report, and the office last."""
    texts = context.texts
    page = ScreenBuilder(context).say("areas.title", commune=commune.name).say("areas.hint")

    def label(one: Unit) -> Button:
        mark = "" if one.office or one.valid(access.today(context)) else "🗓 "
        return Button(f"{mark}{texts.unit(one)}", one_area.data(one))

    units = access.narrowed(context, areas_and_office(context, commune.id))
    page.listed(units, label, all_areas, commune)
    page.button("workbook.form.button", to("b.file", commune.id))
    return page.back(to("m.hub", commune.id)).screen()


def areas_and_office(context: Context, commune_id: int) -> list[Unit]:
    """Return the present and later areas, those that still report, and the office."""
    tx, today = context.tx, access.today(context).isoformat()
    reporting = {
        unit.id
        for round_ in rounds.open_rounds(tx, commune_id, context.now)
        for unit in rounds.units_of_round(tx, round_.id)
    }
    areas = [
        one
        for one in places.units_of(tx, commune_id)
        if one.valid_to is None or one.valid_to >= today or one.id in reporting
    ]
    return [*areas, places.office_of(tx, commune_id)]


@all_areas.text
def take_area(context: Context, text: str, commune: OfficeCommune) -> Next | None:
    """Take an area by its name."""
    return access.by_name(context, areas_and_office(context, commune.id), text, one_area.at)


@screen("m.area", right=OFFICER)
def one_area(context: Context, unit: OfficeUnit) -> Screen:
    """Show an area's present figures, with buttons to change them."""
    texts = context.texts
    figures = places.figures_of(context.tx, unit.id)
    page = ScreenBuilder(context).say("areas.one", unit=texts.unit(unit))
    for line in validity_lines(context, unit):
        page.line(line)
    for kind in kinds_of(unit):
        value = texts.number(figures[kind]) if kind in figures else texts.say("areas.none")
        name = texts.say(f"areas.figure.{kind}")
        caption = texts.say("areas.button.figure", kind=name, value=value)
        page.row(Button(caption, pack("m.afig", unit.id, kind)))
    if not unit.office:
        page.button("areas.button.more", more.at(unit))
    return page.back(all_areas.at(unit.commune_id)).screen()


@screen("m.amore", right=OFFICER)
def more(context: Context, unit: Area) -> Screen:
    """Show the buttons to rename, merge or split an area, or cancel that, and its history."""
    texts = context.texts
    page = ScreenBuilder(context).say("areas.more", unit=texts.unit(unit))
    page.button("areas.button.rename", to("m.aname", unit.id))
    if is_lasting(context, unit):
        page.row(
            button(texts, "areas.button.merge", "m.amrg", unit.id),
            button(texts, "areas.button.split", "m.aspl", unit.id),
        )
    if ends_later(context, unit):
        page.button("areas.button.call_off", to("m.aoff", unit.id))
    page.button("status.button.history", to("h.area", unit.id))
    return page.back(one_area.at(unit)).screen()


def validity_lines(context: Context, unit: Unit) -> list[str]:
    """Return an area's future first day, its last day and its successors, where set."""
    texts, lines = context.texts, list[str]()
    if unit.valid_from and unit.valid_from > access.today(context).isoformat():
        lines.append(texts.say("areas.from", day=iso_day(context, unit.valid_from)))
    if unit.valid_to is None:
        return lines
    after = places.units_by_ids(context.tx, places.successors_of(context.tx, unit.id))
    names = ", ".join(texts.unit(one) for one in after)
    key = "areas.until" if not after else "areas.merged" if len(after) == 1 else "areas.split"
    return [*lines, texts.say(key, day=iso_day(context, unit.valid_to), names=names)]


@screen("m.aname", right=OFFICER, asks=True)
def ask_name(context: Context, unit: Area) -> Screen:
    """Ask for the new name."""
    page = ScreenBuilder(context).say("areas.name_ask", unit=context.texts.unit(unit))
    return page.back(more.at(unit)).screen()


@screen("m.anamep", right=OFFICER)
def preview(context: Context, unit: Area) -> Screen | None:
    """Show the old and the new name."""
    if not context.typed:
        return None
    old, name = context.texts.unit(unit), context.typed[0]
    page = ScreenBuilder(context).say("areas.name_change", old=old, new=name)
    page.button("areas.button.write", write.at(unit))
    return page.back(ask_name.at(unit)).screen()


@ask_name.text
@preview.text
def take_name(context: Context, text: str, unit: Area) -> Next:
    """Take the name; ask again for one that another area has."""
    name, refused = read_name(context, text)
    if not name:
        return Next(ask_name.at(unit), refused)
    if name == unit.label or is_name_taken(context, unit, name, but=[unit.id]):
        return Next(ask_name.at(unit), context.texts.say("areas.name_taken", name=name))
    return Next(preview.at(unit), typed=(name,))


@action("m.anamey", right=OFFICER)
def write(context: Context, unit: Area) -> Next:
    """Rename the area."""
    if not context.typed or is_name_taken(context, unit, context.typed[0], but=[unit.id]):
        return Next(ask_name.at(unit))
    name = context.typed[0]
    old: dict[str, str | int | None] = {"label": unit.label}
    new: dict[str, str | int | None] = {"label": name}
    if unit.number is not None and unit.number == number_in(unit.label):  # from its name
        old["number"], new["number"] = unit.number, number_in(name)
    author = Author(context.way, context.person.id)
    roster.change_areas(context.tx, [AreaChange(unit.id, old, new)], context.now, author)
    return Next(one_area.at(unit), context.texts.say("areas.name_done", old=unit.label, new=name))
