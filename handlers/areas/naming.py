"""Another name for an area: typed, shown, written."""

from handlers.areas.arguments import OfArea, number_in, read_name, taken
from handlers.areas.screens import more, one_area
from handlers.flow.channel import Reply, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page
from handlers.flow.rights import OFFICER
from handlers.flow.routes import action, screen
from handlers.report.wording import unit_text
from storage import roster
from storage.roster import AreaChange, Author


@screen("m.aname", OfArea, right=OFFICER, asks=True)
def ask_name(context: Context, at: OfArea) -> Screen:
    """The new name."""
    page = Page(context).say("areas.name_ask", unit=unit_text(at.unit, context.texts))
    return page.back(more.at(at.unit)).screen()


@ask_name.text
def take_name(context: Context, at: OfArea, text: str) -> Next:
    """The name; one that another area has is asked again."""
    name, refused = read_name(context, text)
    if not name:
        return Next(ask_name.at(at), refused)
    if name == at.unit.label or taken(context, at.unit, name, but=[at.unit.id]):
        return Next(ask_name.at(at), context.texts.say("areas.name_taken", name=name))
    return Next(preview.at(at), said=(name,))


@screen("m.anamep", OfArea, right=OFFICER)
def preview(context: Context, at: OfArea) -> Screen | None:
    """The old and the new name."""
    if not context.said:
        return None
    old, name = unit_text(at.unit, context.texts), context.said[0]
    page = Page(context).say("areas.name_change", old=old, new=name)
    page.button("areas.button.write", write.at(at))
    return page.back(ask_name.at(at)).screen()


@preview.text
def take_another(context: Context, at: OfArea, text: str) -> Next | Reply | None:
    """Another name, typed instead of a press."""
    return take_name(context, at, text)


@action("m.anamey", OfArea, right=OFFICER)
def write(context: Context, at: OfArea) -> Next:
    """The area is called so from now on."""
    unit = at.unit
    if not context.said or taken(context, unit, context.said[0], but=[unit.id]):
        return Next(ask_name.at(at))
    name = context.said[0]
    old: dict[str, str | int | None] = {"label": unit.label}
    new: dict[str, str | int | None] = {"label": name}
    if unit.number is not None and unit.number == number_in(unit.label):  # it is in its order
        old["number"], new["number"] = unit.number, number_in(name)
    author = Author(context.way, context.person.id)
    roster.change_areas(context.tx, [AreaChange(unit.id, old, new)], context.now, author)
    return Next(one_area.at(unit), context.texts.say("areas.name_done", old=unit.label, new=name))
