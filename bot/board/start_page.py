"""Where whoever has come in begins: the operator's desk, a round, else which; the language."""

from bot.board.pages import Goto, Looking, action_of, page
from handlers.flow.page import to
from handlers.flow.press import Press
from handlers.flow.rights import OPERATOR, READER
from handlers.home import language_chosen
from handlers.operator.screens import operator_home
from handlers.status.communes import all_communes, one_commune
from handlers.status.loading import readable_communes


@page("start", "gone.html", right=READER)
def start(looking: Looking) -> Goto:
    """The operator's desk; the commune of whoever reads one, else all communes."""
    if OPERATOR.holds(looking.context):
        return Goto(operator_home.at())
    found = readable_communes(looking.context)
    return Goto(one_commune.at(found[0]) if len(found) == 1 else all_communes.at())


@action_of(language_chosen)
def in_that_language(looking: Looking) -> Press:
    """The first page, in the language that was chosen."""
    return to("start")
