"""What /vuongmac opens for each role."""

from handlers.difficulties import raising
from handlers.flow.channel import Reply
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import to
from handlers.report import use_cases
from handlers.report.changes import open_view
from handlers.report.view import ReportView
from storage import conversations


def first_step(context: Context, view: ReportView | None, text: str) -> Next | Reply | None:
    """About the question that is open, else in general; None: as the word itself.

    To the office it is first the list, also while a question of a report lies open.
    """
    listed = not text and not context.areas and len(context.communes_read) == 1
    asked = view is not None and view.writable and view.question(view.place.code) is not None
    if view is not None and asked and not listed:
        return use_cases.take_difficulty(context, view, text) if text else None
    if context.areas or text:
        return raising.begin(context, text)
    if len(context.communes_read) == 1:
        return Next(to("d.list", context.communes_read[0]))
    if not raising.own_units(context) and context.operator:
        return Next(to("o.diff"))
    return raising.begin(context)


@command(
    "vuongmac",
    "difficulty",
    place=70,
    menu=lambda c: bool(c.areas or c.communes_read),
    word="vướng mắc",
)
def difficulty_command(context: Context, text: str) -> Next | Reply | None:
    """What stands in the way: written behind the command, else asked for."""
    kept = conversations.conversation_of(context.tx, context.person.id)
    return first_step(context, open_view(context, kept), text)
