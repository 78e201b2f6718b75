"""Files of all communes of an operator, or of one group: the buttons, and making a file."""

from typing import Annotated

from handlers.exports.formats import OF_MANY, ExportFormat
from handlers.flow.arguments import Text
from handlers.flow.channel import Enclosure, Making, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import GONE, action, screen
from handlers.operator.communes import CommuneGroup, OwnGroup, groups_of
from handlers.texts import Html

_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons

FormatOfMany = Annotated[ExportFormat, lambda it: OF_MANY.get(it.text, GONE)]


@screen("o.files", right=OPERATOR)
def files_of_many(context: Context, group: OwnGroup) -> Screen:
    """Show every format, and the button to the files of a group."""
    return _screen(context, group, described(context, group))


def described(context: Context, group: CommuneGroup) -> Html:
    """Return the sentence on the communes of the files."""
    if group.name is None:
        return context.texts.say("operating.files", count=len(group.communes))
    return context.texts.say("operating.files_group", group=group.name, count=len(group.communes))


def _screen(context: Context, group: CommuneGroup, text: Html, again: str = "") -> Screen:
    page = ScreenBuilder(context).line(text)
    for one in OF_MANY.values():
        page.row(make_file.button(context.texts, one.button, group, one.name, again))
    if group.name is None and len(groups_of(context)) > 1:
        page.button("operating.button.group", to("o.group", "f"))
    return page.button("operating.button.desk", to("o.home")).screen()


def making_of(context: Context, group: CommuneGroup, format: ExportFormat) -> Making:
    """Return the order for a file of the communes that the operator has now."""
    communes = tuple(one.id for one in group.communes)
    return Making(format.name, communes, context.texts.language)


@action("o.file", right=OPERATOR)
def make_file(context: Context, group: OwnGroup, format: FormatOfMany, again: Text) -> Reply:
    """Make the file; show the screen for further ones."""
    caption, more = described(context, group), context.texts.say("exports.more")
    enclosure = Enclosure(format.shown_as, caption, making=making_of(context, group, format))
    shown = Shown(
        _screen(context, group, more, _AGAIN),
        remove_keyboard=context.incoming.message if again == _AGAIN else None,
        enclosures=(enclosure,),
    )
    return Reply((shown,), toast=context.texts.say("exports.making"), person=context.person.id)
