"""Merging an area into another one, or splitting it: the successors, the last day, a preview.

Rounds that have begun keep their areas. The roster's workbook has columns for the same.
"""

import re
from datetime import date, timedelta
from typing import Annotated

from criteria.dates import end_of_month, read_date
from handlers.areas.arguments import AREA_FIGURES, LastingArea, is_name_taken, number_in, read_name
from handlers.areas.screens import more, one_area
from handlers.flow.arguments import Day, one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer import access
from handlers.officer.access import name_of
from handlers.report.assigned_reports import rounds_for
from handlers.roster.cell_values import slug
from handlers.rounds.criteria_sets import round_names
from handlers.rounds.wording import full_day
from handlers.texts import Html
from storage.people import people
from storage.places import places, roster
from storage.places.places import Unit
from storage.places.roster import AreaChange, Author
from storage.reports import reports

_FURTHEST = timedelta(days=366)
_NAMES_LENGTH = 200
_DAYS_IN_ROW = 2
_FEWEST_PARTS, _MOST_PARTS = 2, 6


def _others(context: Context, unit: Unit) -> list[Unit]:
    """Return the present and later areas into which this one can merge."""
    areas = places.units_of(context.tx, unit.commune_id)
    return [one for one in areas if one.id != unit.id and one.valid_to is None]


_other = one_among(lambda it: _others(it.context, it.before["unit"]))

# The area that remains; None if names of new areas were typed.
Successor = Annotated[Unit | None, lambda it: _other(it) if it.text else None]


# --- successors -----------------------------------------------------------------------------------


@screen("m.amrg", right=OFFICER)
def choose_area(context: Context, unit: LastingArea) -> Screen:
    """Ask which area remains: an existing or a new one."""
    texts = context.texts
    page = ScreenBuilder(context).say("areas.merge_where", unit=texts.unit(unit))

    def label(one: Unit) -> Button:
        return Button(texts.unit(one), ask_day.data(unit, one))

    page.listed(access.narrowed(context, _others(context, unit)), label, choose_area, unit)
    page.button("areas.button.new", ask_new.at(unit))
    return page.back(more.at(unit)).screen()


@choose_area.text
def take_area(context: Context, text: str, unit: LastingArea) -> Next | None:
    """Take the area by its name."""
    others = _others(context, unit)
    return access.by_name(context, others, text, lambda one: ask_day.at(unit, one))


@screen("m.amnew", right=OFFICER, asks=True)
def ask_new(context: Context, unit: LastingArea) -> Screen:
    """Ask for the name of the new area into which this one merges."""
    page = ScreenBuilder(context).say("areas.new_ask", unit=context.texts.unit(unit))
    return page.back(choose_area.at(unit)).screen()


@ask_new.text
def take_new(context: Context, text: str, unit: LastingArea) -> Next:
    """Take the name of the new area."""
    names, refused = _read_names(context, unit, [text])
    return Next(ask_day.at(unit), typed=names) if names else Next(ask_new.at(unit), refused)


@screen("m.aspl", right=OFFICER, asks=True)
def ask_parts(context: Context, unit: LastingArea) -> Screen:
    """Ask for the names of the areas that this one becomes."""
    page = ScreenBuilder(context).say("areas.split_ask", unit=context.texts.unit(unit))
    return page.back(more.at(unit)).screen()


@ask_parts.text
def take_parts(context: Context, text: str, unit: LastingArea) -> Next:
    """Take the names, with commas or lines between them."""
    parts = [one for one in re.split(r"[,;\n]", text) if one.strip()]
    if not _FEWEST_PARTS <= len(parts) <= _MOST_PARTS:
        refused = context.texts.say("areas.split_count", least=_FEWEST_PARTS, most=_MOST_PARTS)
        return Next(ask_parts.at(unit), refused)
    names, refused = _read_names(context, unit, parts)
    return Next(ask_day.at(unit), typed=names) if names else Next(ask_parts.at(unit), refused)


def _read_names(context: Context, unit: Unit, parts: list[str]) -> tuple[tuple[str, ...], Html]:
    """Return the names; none, and a message, if one is unusable or not new."""
    names: list[str] = []
    for part in parts:
        name, refused = read_name(context, part)
        if not name:
            return (), refused
        if name in names or is_name_taken(context, unit, name, but=[unit.id]):
            return (), context.texts.say("areas.name_taken", name=name)
        names.append(name)
    return tuple(names), Html()


# --- last day -------------------------------------------------------------------------------------


@screen("m.amday", right=OFFICER, asks=True)
def ask_day(context: Context, unit: LastingArea, into: Successor) -> Screen | None:
    """Ask for the last day before the change."""
    if into is None and not context.typed:
        return None
    texts, today = context.texts, access.today(context)
    page = ScreenBuilder(context).say(
        "areas.day_ask", unit=texts.unit(unit), what=_change(context, into)
    )
    this_month = end_of_month(today)
    next_month = end_of_month(this_month + timedelta(days=1))
    likely = (today.replace(day=1) - timedelta(days=1), today, this_month, next_month)
    days = [one for one in likely if _refused(context, unit, into, one) is None]
    buttons = [
        Button(f"📅 {texts.day(one, context.deployment.zone)}", preview.data(unit, into, one))
        for one in dict.fromkeys(days)
    ]
    return page.grid(buttons, _DAYS_IN_ROW).back(more.at(unit)).screen()


@ask_day.text
def take_day(context: Context, text: str, unit: LastingArea, into: Successor) -> Next:
    """Take the day as people write days."""
    reading = read_date(text, access.today(context))
    if reading.day is None:
        refused: Html | None = context.texts.say(f"period.{reading.reason}")
    else:
        refused = _refused(context, unit, into, reading.day)
    if refused is not None:
        return Next(ask_day.at(unit, into), refused, typed=context.typed)
    return Next(preview.at(unit, into, reading.day), typed=context.typed)


def _refused(context: Context, unit: Unit, into: Unit | None, last: date) -> Html | None:
    """Return why the last day is refused; None if it is accepted."""
    texts, today, shown = context.texts, access.today(context), full_day(context, last)
    earliest = date.fromisoformat(unit.valid_from) if unit.valid_from else date.min
    if into is not None and into.valid_from:  # no day without either area
        earliest = max(earliest, date.fromisoformat(into.valid_from) - timedelta(days=1))
    if last < earliest:
        return texts.say("period.too_early", day=shown, earliest=full_day(context, earliest))
    if last > today + _FURTHEST:
        return texts.say("period.too_far", day=shown)
    return texts.say("areas.day_long_ago", day=shown) if last < today - _FURTHEST else None


# --- preview --------------------------------------------------------------------------------------


@screen("m.amprev", right=OFFICER)
def preview(context: Context, unit: LastingArea, into: Successor, last: Day) -> Screen | None:
    """Show the change with its day, the people to move, and the reports that are still due."""
    if into is None and not context.typed:
        return None
    texts, name = context.texts, context.texts.unit(unit)
    ends, what = full_day(context, last), _change(context, into)
    page = ScreenBuilder(context).say("areas.ends_ask", unit=name, what=what, day=ends).line()
    if into is None:
        begins = full_day(context, last + timedelta(days=1))
        page.say("areas.begins", names=", ".join(context.typed), day=begins)
    members = people.members_of_unit(context.tx, unit.id)
    names = texts.listed((name_of(one.person, texts) for one in members), most=_NAMES_LENGTH)
    key = "areas.people" if members else "areas.nobody"
    page.say(key, unit=name, count=len(members), names=names)
    _add_rounds(context, page, unit)
    sums = _sums(context, unit, into)
    page.say("areas.sums" if sums else "areas.no_sums", into=_names(context, into), sums=sums)
    page.button("areas.button.split_yes" if _splits(context, into) else "areas.button.merge_yes",
                write.at(unit, into, last))  # fmt: skip
    return page.back(more.at(unit)).screen()


@preview.text
def take_another_day(
    context: Context, text: str, unit: LastingArea, into: Successor
) -> Next | None:
    """Take another day, typed instead of a press."""
    reading = read_date(text, access.today(context))
    return take_day(context, text, unit, into) if reading.day is not None else None


def _add_rounds(context: Context, page: ScreenBuilder, unit: Unit) -> None:
    """Add the open rounds in which the area still reports, and the state of its report."""
    texts, open_ = context.texts, rounds_for(context, unit)
    names = round_names(open_, texts.language)
    for one in open_:
        report = reports.report_of(context.tx, one.id, unit.id)
        state = texts.say(f"areas.report_{report.state if report else 'none'}")
        name = texts.unit(unit)
        page.say("areas.reports_still", round=names[one.id], unit=name, state=state)


def _sums(context: Context, unit: Unit, into: Unit | None) -> str:
    """Return the sums of both areas' figures as text; the program does not store them."""
    if into is None:
        return ""
    texts = context.texts
    here, there = (places.figures_of(context.tx, one.id) for one in (unit, into))
    return ", ".join(
        f"{texts.say(f'history.figures.{kind}')} {texts.number(here[kind] + there[kind])}"
        for kind in AREA_FIGURES
        if kind in here and kind in there
    )


# --- storing --------------------------------------------------------------------------------------


@action("m.amy", right=OFFICER)
def write(context: Context, unit: LastingArea, into: Successor, last: Day) -> Next | None:
    """End the area on that day, and store or create its successors."""
    names = context.typed if into is None else ()
    if into is None and not names:
        return Next(one_area.at(unit))
    if _refused(context, unit, into, last) is not None:
        return None
    if any(is_name_taken(context, unit, one, but=[unit.id]) for one in names):
        return Next(one_area.at(unit), context.texts.say("areas.changed_since"))
    author = Author(context.way, context.person.id)
    done = context.texts.say(
        "areas.ends_done", unit=context.texts.unit(unit), what=_change(context, into),
        day=full_day(context, last),
    )  # fmt: skip
    after = [into.id] if into is not None else _create(context, unit, last, names, author)
    ends = AreaChange(unit.id, {"valid_to": unit.valid_to}, {"valid_to": last.isoformat()})
    roster.change_areas(context.tx, [ends], context.now, author)
    roster.set_successors(context.tx, unit.id, after, context.now, author)
    return Next(one_area.at(unit), done)


def _create(
    context: Context, unit: Unit, last: date, names: tuple[str, ...], author: Author
) -> list[int]:
    """Create the new areas; return their ids."""
    codes = {one.code for one in places.units_of(context.tx, unit.commune_id)}
    begins = (last + timedelta(days=1)).isoformat()
    rows = []
    for name in names:
        code = _unused(slug(name) or "khu", codes)
        codes.add(code)
        rows.append(
            {
                "commune_id": unit.commune_id,
                "code": code,
                "label": name,
                "number": number_in(name),
                "old_commune": unit.old_commune,
                "valid_from": begins,
                "valid_to": None,
            }
        )
    return roster.add_areas(context.tx, rows, context.now, author)


def _unused(code: str, codes: set[str]) -> str:
    number, base = 1, code
    while base in codes:
        number += 1
        base = f"{code}-{number}"
    return base


# --- texts ----------------------------------------------------------------------------------------


def _splits(context: Context, into: Unit | None) -> bool:
    return into is None and len(context.typed) > 1


def _names(context: Context, into: Unit | None) -> str:
    if into is not None:
        return context.texts.unit(into)
    return ", ".join(context.typed)


def _change(context: Context, into: Unit | None) -> Html:
    """Return the change as text: "nhập vào Khu 6", "tách thành Khu 5A, Khu 5B"."""
    key = "areas.splits" if _splits(context, into) else "areas.merges"
    return context.texts.say(key, names=_names(context, into))
