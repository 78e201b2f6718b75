"""The commune's areas in pages, and one area: its figures, its name, what becomes of it."""

from handlers.areas.arguments import OfArea, OfUnit, iso_day, kinds_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, button, to
from handlers.flow.press import pack
from handlers.flow.rights import OFFICER
from handlers.flow.routes import screen
from handlers.officer import access
from handlers.officer.access import InCommune
from handlers.report.wording import unit_text
from storage import places, rounds
from storage.places import Unit


@screen("m.areas", InCommune, right=OFFICER)
def all_areas(context: Context, at: InCommune) -> Screen:
    """The areas of today, those to come and those that still report; the office last."""
    texts = context.texts
    page = Page(context).say("areas.title", commune=at.commune.name).say("areas.hint")

    def label(one: Unit) -> Button:
        mark = "" if one.office or one.valid(access.today(context)) else "🗓 "
        return Button(f"{mark}{unit_text(one, texts)}", one_area.data(one))

    page.listed(access.narrowed(context, _listed(context, at.commune.id)), label, all_areas, at)
    return page.back(to("m.hub", at.commune.id)).screen()


def _listed(context: Context, commune_id: int) -> list[Unit]:
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
def take_area(context: Context, at: InCommune, text: str) -> Next | None:
    """An area by its name."""
    return access.by_name(context, _listed(context, at.commune.id), text, one_area.at)


@screen("m.area", OfUnit, right=OFFICER)
def one_area(context: Context, at: OfUnit) -> Screen:
    """An area's figures with their present values, and the way to what else can be changed."""
    texts, unit = context.texts, at.unit
    figures = places.figures_of(context.tx, unit.id)
    page = Page(context).say("areas.one", unit=unit_text(unit, texts))
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


@screen("m.amore", OfArea, right=OFFICER)
def more(context: Context, at: OfArea) -> Screen:
    """Its name, what it can become, and its history."""
    texts, unit = context.texts, at.unit
    page = Page(context).say("areas.more", unit=unit_text(unit, texts))
    page.button("areas.button.rename", to("m.aname", unit.id))
    if unit.valid(access.today(context)) and unit.valid_to is None:
        page.row(
            button(texts, "areas.button.merge", "m.amrg", unit.id),
            button(texts, "areas.button.split", "m.aspl", unit.id),
        )
    if unit.valid_to is not None and unit.valid_to >= access.today(context).isoformat():
        page.button("areas.button.call_off", to("m.aoff", unit.id))
    page.button("status.button.history", to("h.area", unit.id))
    return page.back(one_area.at(unit)).screen()


def validity_lines(context: Context, unit: Unit) -> list[str]:
    """From when and until when an area is there, where that is said, and what comes after it."""
    texts, lines = context.texts, list[str]()
    if unit.valid_from and unit.valid_from > access.today(context).isoformat():
        lines.append(texts.say("areas.from", day=iso_day(context, unit.valid_from)))
    if unit.valid_to is None:
        return lines
    after = places.units_by_ids(context.tx, places.successors_of(context.tx, unit.id))
    names = ", ".join(unit_text(one, texts) for one in after)
    key = "areas.until" if not after else "areas.merged" if len(after) == 1 else "areas.split"
    return [*lines, texts.say(key, day=iso_day(context, unit.valid_to), names=names)]
