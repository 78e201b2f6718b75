"""The screen where a person is: the open report's, else the start screen."""

from dataclasses import replace

from handlers import home
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.report.rights import open_view
from handlers.report.screen import show_report
from handlers.report.view import ReportView


def present_screen(context: Context, view: ReportView | None, above: str | None = None) -> Reply:
    """The screen of the open report, else the start screen, with a sentence above it."""
    if view is not None:
        return show_report(context, view, above=above)
    return home.home(context, above)


def gone(context: Context) -> Reply:
    """The same for who asked for something that is not there any more, or not theirs."""
    view = open_view(context)
    if context.incoming.kind != "press":
        return present_screen(context, view, context.texts.say("toast.not_now"))
    return replace(present_screen(context, view), toast=context.texts.say("toast.gone"))
