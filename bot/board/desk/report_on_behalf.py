"""A report that the officer fills in: for an area that telephoned, or the office's own.

It asks the same questions as the chat, one at a time, and begins at the chat's present question.
"""

from dataclasses import replace
from typing import Any

from bot.board.desk.form_actions import ActionResult, FormFields, form, value_of, with_typed_text
from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import PageRequest, Redirect, page
from handlers.flow.arguments import OptionalNumber
from handlers.flow.channel import Reply
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.report.report_access import open_view
from handlers.report.screens.screen import report_screen
from handlers.report.use_cases import typed


@page("desk.fill", "desk_step.html", right=OFFICER)
def fill_in(request: PageRequest) -> dict[str, Any] | Redirect:
    """Show the present question of the person's open report."""
    context, view = request.context, open_view(request.context)
    if view is None:
        return Redirect(Press("v.which"))
    screen = report_screen(context.tx, view, request.texts, context.deployment.zone, context.now)
    return screen_fields(request, screen, typed=request.link(typed_answer, view.revision))


@form("desk.say", right=OFFICER)
def typed_answer(request: PageRequest, given: FormFields, revision: OptionalNumber) -> ActionResult:
    """Take a typed answer to the shown question; if another one is open now, show that instead."""
    view, text = open_view(request.context), value_of(given, "text")
    if view is None:
        return None
    if revision != view.revision or not text:
        return Reply(toast=request.texts.say("toast.old_button") if text else None)
    context = replace(with_typed_text(request.context, text), address=None)
    return typed(context, view)
