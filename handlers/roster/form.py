"""The roster's workbook to fill in: the template with its guide and the stored data."""

from functools import partial
from typing import Annotated

from handlers.flow.channel import Enclosure, GeneratedDocument
from handlers.flow.context import Context
from handlers.flow.page import to
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import GONE, Loading, Next, action
from handlers.roster.invitation_list import can_be_written
from handlers.roster.screens import communes_changed
from handlers.roster.writing import form_to_fill_in, roster_rows


def _commune(loading: Loading) -> object:
    """Return the id of a commune whose roster the person may change, or 0 for all of theirs."""
    wanted, own = loading.number or 0, communes_changed(loading.context)
    return wanted if not wanted or own is None or wanted in own else GONE


@action("b.file", right=OFFICER_OR_OPERATOR)
def make_form(context: Context, commune: Annotated[int, _commune]) -> Next:
    """Make the workbook of a commune, or of all communes of the person; return to its screen."""
    of_office = commune in context.office_communes
    here = to("m.areas", commune) if of_office else to("o.home" if context.operator else "m.home")
    if not can_be_written():
        return Next(here, context.texts.say("exports.not_installed"))
    return Next(here, enclosures=(form(context, commune),))


def form(context: Context, commune: int = 0) -> Enclosure:
    """Return the workbook of a commune, or of all. Its rows are read now; it is written later."""
    communes, language = communes_changed(context), context.texts.language
    if commune:
        communes = {commune}
    rows = roster_rows(context.tx, context.now, language, communes)
    write = partial(form_to_fill_in, rows, language)
    said = context.texts.say("workbook.form.caption")
    return Enclosure("file", said, making=GeneratedDocument("danh-sach.xlsx", write, language))
