"""A report that the officer fills in: for an area that telephoned, or the office's own.

It is the same conversation as in the chat, at the same place of it: one question at a time.
"""

from dataclasses import replace
from typing import Any

from bot.board.desk.form_actions import Done, Given, first, form, in_words
from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import Goto, Looking, page
from handlers.flow.arguments import OptionalNumber
from handlers.flow.channel import Reply
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.report.report_access import open_view
from handlers.report.screens.screen import report_screen
from handlers.report.use_cases import typed


@page("desk.fill", "desk_step.html", right=OFFICER)
def fill_in(looking: Looking) -> dict[str, Any] | Goto:
    """The present question of the report that is open before the person."""
    context, view = looking.context, open_view(looking.context)
    if view is None:
        return Goto(Press("v.which"))
    screen = report_screen(context.tx, view, looking.texts, context.deployment.zone, context.now)
    return screen_fields(looking, screen, typed=looking.link(typed_answer, view.revision))


@form("desk.say", right=OFFICER)
def typed_answer(looking: Looking, given: Given, revision: OptionalNumber) -> Done:
    """An answer in words to the question that was shown; another that is open by now is shown."""
    view, text = open_view(looking.context), first(given, "text")
    if view is None:
        return None
    if revision != view.revision or not text:
        return Reply(toast=looking.texts.say("toast.old_button") if text else None)
    context = replace(in_words(looking.context, text), address=None)
    return typed(context, view)
