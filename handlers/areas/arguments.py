"""Arguments that the screens of areas share; reading and showing an area's days and names."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from handlers.flow.arguments import only
from handlers.flow.context import Context
from handlers.joining.person_names import clean_name
from handlers.officer import access
from handlers.rounds.wording import full_day
from handlers.texts import Html, plain
from storage.masking import PHONE
from storage.places import places
from storage.places.places import Unit

AREA_FIGURES = ("population", "adults", "working_age", "area_cadres", "service_businesses")
OFFICE_FIGURES = ("commune_cadres",)
LONGEST_NAME = 40  # a button of a small telephone shows some 30 letters


def is_lasting(context: Context, unit: Unit) -> bool:
    """Return whether it is a present area without a last day, which can merge or be split."""
    return not unit.office and unit.valid_to is None and unit.valid(access.today(context))


def ends_later(context: Context, unit: Unit) -> bool:
    """Return whether its last day is set and is not past."""
    return unit.valid_to is not None and unit.valid_to >= access.today(context).isoformat()


area_of_office = only(access.unit_of_office, lambda _, one: not one.office)

Area = Annotated[Unit, area_of_office]  # past or present
# An area that can merge or be split.
LastingArea = Annotated[Unit, only(access.unit_of_office, is_lasting)]


def kinds_of(unit: Unit) -> tuple[str, ...]:
    """Return the figures of an area, or of the office."""
    return OFFICE_FIGURES if unit.office else AREA_FIGURES


def iso_day(context: Context, iso: str) -> str:
    """Return a day of an area's validity as text."""
    return full_day(context, date.fromisoformat(iso))


# --- names that are typed -------------------------------------------------------------------------


def read_name(context: Context, text: str) -> tuple[str, Html]:
    """Return the area's name in a typed text; else "" and a message that explains why not."""
    name = clean_name(text) or ""
    if not name or len(name) > LONGEST_NAME:
        return "", context.texts.say("areas.name_length", most=LONGEST_NAME)
    if PHONE.search(name):
        return "", context.texts.say("areas.name_phone")
    return name, Html()


def is_name_taken(context: Context, unit: Unit, name: str, *, but: Sequence[int] = ()) -> bool:
    """Return whether another present or later area of the same old commune has this name."""
    today = access.today(context).isoformat()
    return any(
        plain(one.label) == plain(name) and (one.old_commune or "") == (unit.old_commune or "")
        for one in places.units_of(context.tx, unit.commune_id)
        if one.id not in but and (one.valid_to is None or one.valid_to >= today)
    )


def number_in(name: str) -> int | None:
    """Return the only number in a name such as "Khu 5", which orders areas; else None."""
    found = re.findall(r"\d{1,4}", name)
    return int(found[0]) if len(found) == 1 else None
