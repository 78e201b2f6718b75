"""From the press of a button to the feature that it belongs to."""

from collections.abc import Callable
from dataclasses import replace

from handlers import home
from handlers.flow import stepping
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.history.screens import history_press
from handlers.joining import consent
from handlers.reminders import evening_choice
from handlers.reminders.buttons import reminder_press
from handlers.report import on_behalf, use_cases, which_question
from handlers.report.changes import open_view
from handlers.report.screen import show_report
from handlers.status import status_command, status_press
from storage import conversations


def act(context: Context, press: Press) -> Reply | None:
    """What a press does; None when it leads nowhere (any more, or for this person)."""
    if stepping.is_step(press):
        return stepping.pressed(context, press)
    if press.action.startswith("s."):
        return status_press(context, press)
    if press.action.startswith("r."):
        return reminder_press(context, press)
    if press.action in evening_choice.ACTIONS:
        return evening_choice.evening_press(context, press)
    if press.action.startswith("h."):
        return history_press(context, press)
    if press.action in on_behalf.ACTIONS:
        return on_behalf.answered(context, press)
    if press.action in use_cases.ACTIONS:
        return use_cases.pressed(context, press)
    if press.action in which_question.ACTIONS:
        return which_question.pressed(context, press)
    action = ACTIONS.get(press.action)
    return action(context, press) if action is not None else None


def gone(context: Context) -> Reply:
    """The present screen, for what can't be done any more, or not by this person."""
    view = open_view(context, conversations.conversation_of(context.tx, context.person.id))
    if context.incoming.kind != "press":
        text = context.texts.say("toast.not_now")
        return (
            show_report(context, view, above=text) if view is not None else home.home(context, text)
        )
    reply = show_report(context, view) if view is not None else home.home(context)
    return replace(reply, toast=context.texts.say("toast.gone"))


def _language(context: Context, press: Press) -> Reply | None:
    changed = home.language_chosen(context, press)
    if changed is None:
        return None
    reply = home.home(changed, changed.texts.say("language.done"), edit=True)
    return replace(reply, commands=home.commands_of(changed))


ACTIONS: dict[str, Callable[[Context, Press], Reply | None]] = {
    "home": lambda context, _press: home.home(context),
    "rep": lambda context, _press: home.report(context, office=False),
    "off": lambda context, _press: home.report(context, office=True),
    "pick": home.picked,
    "help": lambda context, _press: home.help_screen(context),
    # A new message: what the button stands on (a receipt) must stay.
    "st": lambda context, _press: status_command(context, ""),
    "lang": _language,
    consent.CONSENT_ACTION: lambda context, _press: home.home(context),
}
