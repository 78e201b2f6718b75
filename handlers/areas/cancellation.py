"""Cancelling a future merger, split or last day of an area.

The area stays as it is. New areas that replace only this one and have no people never begin.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from handlers.areas.arguments import area_of_office, ends_later, iso_day
from handlers.areas.screens import more, one_area
from handlers.flow.arguments import only
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer import access
from storage.people import invitations, people
from storage.places import places, roster
from storage.places.places import Unit
from storage.places.roster import AreaChange, Author

EndingArea = Annotated[Unit, only(area_of_office, ends_later)]


@dataclass(frozen=True, slots=True)
class _Successors:
    """The areas after this one: all of them, and those that the cancellation removes."""

    all: tuple[Unit, ...]
    gone: tuple[Unit, ...]


def _successors(context: Context, unit: Unit) -> _Successors:
    tx, today = context.tx, access.today(context).isoformat()
    found = places.units_by_ids(tx, places.successors_of(tx, unit.id))
    to_come = [one for one in found if one.valid_from is not None and one.valid_from > today]
    others = places.predecessors_of(tx, [one.id for one in to_come])
    gone = (
        one
        for one in to_come
        if set(others.get(one.id, ())) <= {unit.id} and not people.members_of_unit(tx, one.id)
    )
    return _Successors(tuple(found), tuple(gone))


@screen("m.aoff", right=OFFICER)
def preview(context: Context, unit: EndingArea) -> Screen:
    """Show the planned change, and what happens to the areas that were created for it."""
    texts, after = context.texts, _successors(context, unit)
    name, day = texts.unit(unit), iso_day(context, unit.valid_to or "")
    kind = "ends" if not after.all else "merges" if len(after.all) == 1 else "splits"
    what = texts.say(f"areas.{kind}", names=_names(context, after.all))
    page = ScreenBuilder(context).say("areas.call_off_ask", unit=name, what=what, day=day).line()
    page.say("areas.call_off_stays", unit=name)
    if after.gone:
        page.say("areas.call_off_gone", names=_names(context, after.gone))
    page.button("areas.button.call_off_yes", call_off.at(unit))
    return page.back(more.at(unit)).screen()


@action("m.aoffy", right=OFFICER)
def call_off(context: Context, unit: EndingArea) -> Next:
    """Cancel the end of an area: remove its last day and its successors."""
    tx, now = context.tx, context.now
    author, gone = Author(context.way, context.person.id), _successors(context, unit).gone
    yesterday = (access.today(context) - timedelta(days=1)).isoformat()  # before they begin
    changes = [AreaChange(unit.id, {"valid_to": unit.valid_to}, {"valid_to": None})]
    changes += [AreaChange(one.id, {"valid_to": None}, {"valid_to": yesterday}) for one in gone]
    roster.set_successors(tx, unit.id, (), now, author)
    roster.change_areas(tx, changes, now, author)
    for one in invitations.list_invitations(tx, unit.commune_id):
        if one.unit_id in {area.id for area in gone}:
            invitations.revoke_invitation(tx, one.id, **context.authorship)
    done = context.texts.say("areas.call_off_done", unit=context.texts.unit(unit))
    return Next(one_area.at(unit), done)


def _names(context: Context, units: tuple[Unit, ...]) -> str:
    return ", ".join(context.texts.unit(one) for one in units)
