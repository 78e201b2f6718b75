"""The first page after signing in, and the action that changes the language."""

from bot.board.pages import PageRequest, Redirect, action_of, page
from handlers.flow.page import to
from handlers.flow.press import Press
from handlers.flow.rights import OPERATOR, READER
from handlers.home import language_chosen
from handlers.operator.screens import operator_home
from handlers.status.communes import all_communes, one_commune
from handlers.status.loading import readable_communes


@page("start", "gone.html", right=READER)
def start(request: PageRequest) -> Redirect:
    """Redirect to the operator's desk, to the person's only commune, or to all communes."""
    if OPERATOR.holds(request.context):
        return Redirect(operator_home.at())
    found = readable_communes(request.context)
    return Redirect(one_commune.at(found[0]) if len(found) == 1 else all_communes.at())


@action_of(language_chosen)
def after_language_chosen(request: PageRequest) -> Press:
    """Return the first page, now in the chosen language."""
    return to("start")
