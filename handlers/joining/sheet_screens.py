"""Invitation sheets in the chat and on the board: the areas, then a file with a page for each."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from handlers.exports.names import slug
from handlers.flow.arguments import one_of
from handlers.flow.channel import Enclosure, GeneratedDocument, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.joining.new_invitation import (
    DOUBLE_PRESS,
    MOST_USES,
    AreaId,
    Days,
    Role,
    Uses,
    add_choices,
    settings,
    typed_settings,
    within,
)
from handlers.joining.sheet_invitations import (
    USES,
    Printed,
    can_be_written,
    has_bot,
    make_sheets,
    without_invitation,
)
from handlers.officer import access
from handlers.officer.access import OfficeCommune
from storage.people import invitations
from storage.places import places
from storage.places.places import Commune, Unit

_ONLY_NEW, _ALL = "new", "all"

SheetUses = Annotated[int, within(MOST_USES, lambda _: USES)]
Which = Annotated[str, one_of(_ONLY_NEW, _ALL)]


@screen("m.ish", right=OFFICER)
def which_areas(context: Context, commune: OfficeCommune, uses: SheetUses, days: Days) -> Screen:
    """Ask which areas to print, all or those without an invitation; for how many people, days."""
    texts = context.texts
    areas = access.areas_now(context, commune.id)
    new = without_invitation(context.tx, commune.id, areas, context.now)
    page = ScreenBuilder(context).say("sheets.which", commune=commune.name, uses=uses, days=days)
    if why := _refusal(context, commune):
        return ScreenBuilder(context).say(why).back(to("m.invs", commune.id)).screen()
    if not new:
        page.line().say("sheets.none_new")

    add_choices(page, texts, uses, days, partial(which_areas.at, commune))
    for which, some in ((_ONLY_NEW, new), (_ALL, areas)):
        if some and (which is _ONLY_NEW or len(new) < len(areas)):
            address = print_them.at(commune, uses, days, which)
            page.button(f"sheets.button.{which}", address, count=len(some))
    return page.back(to("m.invs", commune.id)).screen()


@which_areas.text
def take_settings(
    context: Context, text: str, commune: OfficeCommune, uses: SheetUses, days: Days
) -> Next | None:
    """Take "12 người", "14 ngày", or both."""
    typed = typed_settings(text, uses, days)
    return Next(which_areas.at(commune, *typed)) if typed is not None else None


@action("m.ishy", right=OFFICER)
def print_them(
    context: Context, commune: OfficeCommune, uses: SheetUses, days: Days, which: Which
) -> Next:
    """Make the sheets as one file, with a new invitation for each area."""
    areas: Sequence[Unit] = access.areas_now(context, commune.id)
    if which == _ONLY_NEW:
        areas = without_invitation(context.tx, commune.id, areas, context.now)
    return _make(context, commune, areas, which_areas.at(commune, uses, days), uses, days)


@action("m.iprint", right=OFFICER)
def print_one(
    context: Context, commune: OfficeCommune, kind: Role, unit_id: AreaId, uses: Uses, days: Days
) -> Next:
    """Make the sheet of one area, also if it has an open invitation."""
    areas = [places.unit(context.tx, unit_id)] if unit_id else []
    here = settings.at(commune, kind, unit_id, uses, days)
    return _make(context, commune, areas, here, uses, days)


def _make(
    context: Context, commune: Commune, areas: Sequence[Unit], here: Press, uses: int, days: int
) -> Next:
    why = _refusal(context, commune)
    if why is None and not areas:
        why = "sheets.none_new"
    if why is None and _just_made(context, commune, areas, uses):
        why = "sheets.just_made"
    if why is not None:
        return Next(here, context.texts.say(why))
    printed = Printed(uses, days, context.texts.language, context.person.id, context.way)
    made = make_sheets(context.tx, commune, areas, printed, context.now, context.deployment)
    named = (commune.code, areas[0].code) if len(areas) == 1 else (commune.code,)
    name = "_".join(("phieu-moi", *map(slug, named)))
    about = context.texts.unit(areas[0]) if len(areas) == 1 else commune.name
    file = Enclosure(
        "file",
        context.texts.say("sheets.caption", place=about, count=len(areas)),
        making=GeneratedDocument(f"{name}.docx", partial(made.write), context.texts.language),
    )
    done = context.texts.say("sheets.made", count=len(areas))
    one = made.invitations[0] if len(areas) == 1 else None
    there = to("m.inv", one) if one is not None else to("m.invs", commune.id)
    return Next(there, done, enclosures=(file,))


def _refusal(context: Context, commune: Commune) -> str | None:
    """Return the key of the reason why no sheet can be made; None if it can."""
    if not can_be_written():
        return "exports.not_installed"
    return None if has_bot(context.deployment, commune) else "sheets.no_bot"


def _just_made(context: Context, commune: Commune, areas: Sequence[Unit], uses: int) -> bool:
    """Return whether the person made sheets of these areas seconds ago, by a double press."""
    since, ids = context.now - DOUBLE_PRESS, {one.id for one in areas}
    return any(
        one.unit_id in ids and one.uses == uses and one.created_by == context.person.id
        and one.created_at > since
        for one in invitations.list_invitations(context.tx, commune.id)
    )  # fmt: skip
