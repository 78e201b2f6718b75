"""An area merges into another one or is split: into which, its last day, what it means, then done.

Rounds that have begun keep their areas. The roster's workbook says the same in its columns.
"""

import re
from datetime import date, timedelta

from criteria.dates import end_of_month, read_date
from handlers.areas.arguments import (
    AREA_FIGURES,
    OfLastingArea,
    number_in,
    read_name,
    taken,
)
from handlers.areas.screens import more, one_area
from handlers.flow.arguments import day, one_among
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Loading, Next, action, argument, screen
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
    """The areas into which this one can merge: of today, or to come."""
    areas = places.units_of(context.tx, unit.commune_id)
    return [one for one in areas if one.id != unit.id and one.valid_to is None]


_other = one_among(lambda it: _others(it.context, it.before["unit"]))


def _into(loading: Loading) -> object:
    """Another area that goes on; None where the new ones' names were typed."""
    return _other(loading) if loading.text else None


class _Into(OfLastingArea):
    into: Unit | None = argument(_into)


class _Ends(_Into):
    last: date = argument(day)


# --- into which -----------------------------------------------------------------------------------


@screen("m.amrg", OfLastingArea, right=OFFICER)
def choose_area(context: Context, at: OfLastingArea) -> Screen:
    """The area that goes on, one that is there or a new one."""
    texts = context.texts
    page = Page(context).say("areas.merge_where", unit=texts.unit(at.unit))

    def label(one: Unit) -> Button:
        return Button(texts.unit(one), ask_day.data(at.unit, one))

    page.listed(access.narrowed(context, _others(context, at.unit)), label, choose_area, at)
    page.button("areas.button.new", ask_new.at(at.unit))
    return page.back(more.at(at.unit)).screen()


@choose_area.text
def take_area(context: Context, at: OfLastingArea, text: str) -> Next | None:
    """The area by its name."""
    others = _others(context, at.unit)
    return access.by_name(context, others, text, lambda one: ask_day.at(at.unit, one))


@screen("m.amnew", OfLastingArea, right=OFFICER, asks=True)
def ask_new(context: Context, at: OfLastingArea) -> Screen:
    """The name of a new area that goes on."""
    page = Page(context).say("areas.new_ask", unit=context.texts.unit(at.unit))
    return page.back(choose_area.at(at.unit)).screen()


@ask_new.text
def take_new(context: Context, at: OfLastingArea, text: str) -> Next:
    """Its name."""
    names, refused = _read_names(context, at.unit, [text])
    return Next(ask_day.at(at.unit), said=names) if names else Next(ask_new.at(at.unit), refused)


@screen("m.aspl", OfLastingArea, right=OFFICER, asks=True)
def ask_parts(context: Context, at: OfLastingArea) -> Screen:
    """The names of the areas that it becomes."""
    page = Page(context).say("areas.split_ask", unit=context.texts.unit(at.unit))
    return page.back(more.at(at.unit)).screen()


@ask_parts.text
def take_parts(context: Context, at: OfLastingArea, text: str) -> Next:
    """Names with commas or lines between them."""
    parts = [one for one in re.split(r"[,;\n]", text) if one.strip()]
    if not _FEWEST_PARTS <= len(parts) <= _MOST_PARTS:
        said = context.texts.say("areas.split_count", least=_FEWEST_PARTS, most=_MOST_PARTS)
        return Next(ask_parts.at(at.unit), said)
    names, refused = _read_names(context, at.unit, parts)
    return Next(ask_day.at(at.unit), said=names) if names else Next(ask_parts.at(at.unit), refused)


def _read_names(context: Context, unit: Unit, parts: list[str]) -> tuple[tuple[str, ...], Html]:
    """The names, all of them new; else none and the sentence why."""
    names: list[str] = []
    for part in parts:
        name, refused = read_name(context, part)
        if not name:
            return (), refused
        if name in names or taken(context, unit, name, but=[unit.id]):
            return (), context.texts.say("areas.name_taken", name=name)
        names.append(name)
    return tuple(names), Html()


# --- until when -----------------------------------------------------------------------------------


@screen("m.amday", _Into, right=OFFICER, asks=True)
def ask_day(context: Context, at: _Into) -> Screen | None:
    """The last day of the area as it is."""
    if at.into is None and not context.said:
        return None
    texts, today = context.texts, access.today(context)
    page = Page(context).say("areas.day_ask", unit=texts.unit(at.unit), what=_what(context, at))
    this_month = end_of_month(today)
    next_month = end_of_month(this_month + timedelta(days=1))
    likely = (today.replace(day=1) - timedelta(days=1), today, this_month, next_month)
    days = [one for one in likely if _refused(context, at, one) is None]
    buttons = [
        Button(f"📅 {texts.day(one, context.deployment.zone)}", preview.data(at, last=one))
        for one in dict.fromkeys(days)
    ]
    return page.grid(buttons, _DAYS_IN_ROW).back(more.at(at.unit)).screen()


@ask_day.text
def take_day(context: Context, at: _Into, text: str) -> Next:
    """The day as people write days."""
    reading = read_date(text, access.today(context))
    if reading.day is None:
        refused: Html | None = context.texts.say(f"period.{reading.reason}")
    else:
        refused = _refused(context, at, reading.day)
    if refused is not None:
        return Next(ask_day.at(at), refused, said=context.said)
    return Next(preview.at(at, last=reading.day), said=context.said)


def _refused(context: Context, at: _Into, last: date) -> Html | None:
    """Why this can't be the last day; None when it can."""
    texts, today, shown = context.texts, access.today(context), full_day(context, last)
    earliest = date.fromisoformat(at.unit.valid_from) if at.unit.valid_from else date.min
    if at.into is not None and at.into.valid_from:  # no day without the one or the other
        earliest = max(earliest, date.fromisoformat(at.into.valid_from) - timedelta(days=1))
    if last < earliest:
        return texts.say("period.too_early", day=shown, earliest=full_day(context, earliest))
    if last > today + _FURTHEST:
        return texts.say("period.too_far", day=shown)
    return texts.say("areas.day_long_ago", day=shown) if last < today - _FURTHEST else None


# --- what it means --------------------------------------------------------------------------------


@screen("m.amprev", _Ends, right=OFFICER)
def preview(context: Context, at: _Ends) -> Screen | None:
    """What ends and begins, who is to be moved, and the reports that are still to come."""
    if at.into is None and not context.said:
        return None
    texts, unit = context.texts, context.texts.unit(at.unit)
    page = Page(context).say(
        "areas.ends_ask", unit=unit, what=_what(context, at), day=full_day(context, at.last)
    )
    page.line()
    if at.into is None:
        begins = full_day(context, at.last + timedelta(days=1))
        page.say("areas.begins", names=", ".join(context.said), day=begins)
    held = people.members_of_unit(context.tx, at.unit.id)
    names = texts.listed((name_of(one.person, texts) for one in held), most=_NAMES_LENGTH)
    key = "areas.people" if held else "areas.nobody"
    page.say(key, unit=unit, count=len(held), names=names)
    _say_rounds(context, page, at)
    sums = _sums(context, at)
    page.say("areas.sums" if sums else "areas.no_sums", into=_names(context, at), sums=sums)
    page.button("areas.button.split_yes" if _splits(context, at) else "areas.button.merge_yes",
                write.at(at))  # fmt: skip
    return page.back(more.at(at.unit)).screen()


@preview.text
def take_another_day(context: Context, at: _Ends, text: str) -> Next | Reply | None:
    """Another day, typed instead of a press."""
    reading = read_date(text, access.today(context))
    return take_day(context, at, text) if reading.day is not None else None


def _say_rounds(context: Context, page: Page, at: _Ends) -> None:
    """The open rounds in which the area reports by itself still, and how far its report is."""
    texts, open_ = context.texts, rounds_for(context, at.unit)
    names = round_names(open_, texts.language)
    for one in open_:
        report = reports.report_of(context.tx, one.id, at.unit.id)
        state = texts.say(f"areas.report_{report.state if report else 'none'}")
        unit = texts.unit(at.unit)
        page.say("areas.reports_still", round=names[one.id], unit=unit, state=state)


def _sums(context: Context, at: _Ends) -> str:
    """The figures of both areas together, where both are known: nothing adds them by itself."""
    if at.into is None:
        return ""
    texts = context.texts
    here, there = (places.figures_of(context.tx, one.id) for one in (at.unit, at.into))
    return ", ".join(
        f"{texts.say(f'history.figures.{kind}')} {texts.number(here[kind] + there[kind])}"
        for kind in AREA_FIGURES
        if kind in here and kind in there
    )


# --- doing it -------------------------------------------------------------------------------------


@action("m.amy", _Ends, right=OFFICER)
def write(context: Context, at: _Ends) -> Next | None:
    """The area ends on that day, and what comes after it is known."""
    unit, names = at.unit, context.said if at.into is None else ()
    if at.into is None and not names:
        return Next(one_area.at(unit))
    if _refused(context, at, at.last) is not None:
        return None
    if any(taken(context, unit, one, but=[unit.id]) for one in names):
        return Next(one_area.at(unit), context.texts.say("areas.changed_since"))
    author, last = Author(context.way, context.person.id), at.last.isoformat()
    done = context.texts.say(
        "areas.ends_done", unit=context.texts.unit(unit), what=_what(context, at),
        day=full_day(context, at.last),
    )  # fmt: skip
    after = [at.into.id] if at.into is not None else _found(context, at, names, author)
    ends = AreaChange(unit.id, {"valid_to": unit.valid_to}, {"valid_to": last})
    roster.change_areas(context.tx, [ends], context.now, author)
    roster.set_successors(context.tx, unit.id, after, context.now, author)
    return Next(one_area.at(unit), done)


def _found(context: Context, at: _Ends, names: tuple[str, ...], author: Author) -> list[int]:
    """Found the new areas; gives their ids."""
    codes = {one.code for one in places.units_of(context.tx, at.unit.commune_id)}
    begins = (at.last + timedelta(days=1)).isoformat()
    rows = []
    for name in names:
        code = _free(slug(name) or "khu", codes)
        codes.add(code)
        rows.append(
            {
                "commune_id": at.unit.commune_id,
                "code": code,
                "label": name,
                "number": number_in(name),
                "old_commune": at.unit.old_commune,
                "valid_from": begins,
                "valid_to": None,
            }
        )
    return roster.add_areas(context.tx, rows, context.now, author)


def _free(code: str, codes: set[str]) -> str:
    number, wanted = 1, code
    while wanted in codes:
        number += 1
        wanted = f"{code}-{number}"
    return wanted


# --- in words -------------------------------------------------------------------------------------


def _splits(context: Context, at: _Into) -> bool:
    return at.into is None and len(context.said) > 1


def _names(context: Context, at: _Into) -> str:
    if at.into is not None:
        return context.texts.unit(at.into)
    return ", ".join(context.said)


def _what(context: Context, at: _Into) -> Html:
    """In words: "nhập vào Khu 6", "tách thành Khu 5A, Khu 5B"."""
    key = "areas.splits" if _splits(context, at) else "areas.merges"
    return context.texts.say(key, names=_names(context, at))
