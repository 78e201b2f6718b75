"""What a person sees who asks for something that is not there any more, or not theirs."""

from dataclasses import replace

from handlers import home
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.report.changes import open_view
from handlers.report.screen import show_report
from storage import conversations


def gone(context: Context) -> Reply:
    """The present screen, with a sentence that says so."""
    view = open_view(context, conversations.conversation_of(context.tx, context.person.id))
    if context.incoming.kind != "press":
        text = context.texts.say("toast.not_now")
        return (
            show_report(context, view, above=text) if view is not None else home.home(context, text)
        )
    reply = show_report(context, view) if view is not None else home.home(context)
    return replace(reply, toast=context.texts.say("toast.gone"))
