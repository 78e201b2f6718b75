"""Files of all communes of an operator, or of one group: their buttons, and having one made."""

from handlers.exports.formats import OF_MANY, ExportFormat
from handlers.flow.arguments import text
from handlers.flow.channel import Enclosure, Making, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import GONE, Arguments, Loading, action, argument, screen
from handlers.operator.communes import Group, group_of_operator, groups_of
from handlers.texts import Html

_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons


def _format(loading: Loading) -> object:
    """An argument: a format of many communes."""
    return OF_MANY.get(loading.text, GONE)


class OfGroup(Arguments):
    """All of the operator's communes, or those of a group."""

    group: Group = argument(group_of_operator)


class OfFile(OfGroup):
    """A file of them."""

    format: ExportFormat = argument(_format)
    again: str = argument(text)


@screen("o.files", OfGroup, right=OPERATOR)
def files_of_many(context: Context, at: OfGroup) -> Screen:
    """Every format, and the way to the files of a group."""
    return _screen(context, at.group, described(context, at.group))


def described(context: Context, group: Group) -> Html:
    """Which communes the files are of."""
    if group.name is None:
        return context.texts.say("operating.files", count=len(group.communes))
    return context.texts.say("operating.files_group", group=group.name, count=len(group.communes))


def _screen(context: Context, group: Group, said: Html, again: str = "") -> Screen:
    page = Page(context).line(said)
    for one in OF_MANY.values():
        page.row(make_file.button(context.texts, one.button, group, one.name, again))
    if group.name is None and len(groups_of(context)) > 1:
        page.button("operating.button.group", to("o.group", "f"))
    return page.button("operating.button.desk", to("o.home")).screen()


def making_of(context: Context, at: OfFile) -> Making:
    """What is to be made, of the communes that the operator has at this moment."""
    communes = tuple(one.id for one in at.group.communes)
    return Making(at.format.name, communes, context.texts.language)


@action("o.file", OfFile, right=OPERATOR)
def make_file(context: Context, at: OfFile) -> Reply:
    """The file, with the screen for further ones."""
    caption, more = described(context, at.group), context.texts.say("exports.more")
    enclosure = Enclosure(at.format.shown_as, caption, making=making_of(context, at))
    shown = Shown(
        _screen(context, at.group, more, _AGAIN),
        remove_keyboard=context.incoming.message if at.again == _AGAIN else None,
        enclosures=(enclosure,),
    )
    return Reply((shown,), toast=context.texts.say("exports.making"), person=context.person.id)
