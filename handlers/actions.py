"""From the press of a button to the feature that it belongs to."""

from collections.abc import Callable
from dataclasses import replace

from handlers import home, joining, stepping
from handlers.channel import Reply
from handlers.history.screens import history_press
from handlers.presses import Press
from handlers.reminding import choosing
from handlers.reminding.pressing import reminder_press
from handlers.reporting import filling, on_behalf, which_question
from handlers.reporting.moving import standing_desk
from handlers.reporting.showing import show_desk
from handlers.status import status_command, status_press
from handlers.turn import Turn
from storage import conversations


def act(turn: Turn, press: Press) -> Reply | None:
    """What a press does; None when it leads nowhere (any more, or for this person)."""
    if stepping.is_step(press):
        return stepping.pressed(turn, press)
    if press.action.startswith("s."):
        return status_press(turn, press)
    if press.action.startswith("r."):
        return reminder_press(turn, press)
    if press.action in choosing.ACTIONS:
        return choosing.evening_press(turn, press)
    if press.action.startswith("h."):
        return history_press(turn, press)
    if press.action in on_behalf.ACTIONS:
        return on_behalf.answered(turn, press)
    if press.action in filling.ACTIONS:
        return filling.pressed(turn, press)
    if press.action in which_question.ACTIONS:
        return which_question.pressed(turn, press)
    action = ACTIONS.get(press.action)
    return action(turn, press) if action is not None else None


def gone(turn: Turn) -> Reply:
    """The present screen, for what can't be done any more, or not by this person."""
    desk = standing_desk(turn, conversations.conversation_of(turn.tx, turn.person.id))
    if turn.incoming.kind != "press":
        text = turn.texts.say("toast.not_now")
        return show_desk(turn, desk, above=text) if desk is not None else home.home(turn, text)
    reply = show_desk(turn, desk) if desk is not None else home.home(turn)
    return replace(reply, toast=turn.texts.say("toast.gone"))


def _language(turn: Turn, press: Press) -> Reply | None:
    changed = home.language_chosen(turn, press)
    if changed is None:
        return None
    reply = home.home(changed, changed.texts.say("language.done"), edit=True)
    return replace(reply, commands=home.commands_of(changed))


ACTIONS: dict[str, Callable[[Turn, Press], Reply | None]] = {
    "home": lambda turn, _press: home.home(turn),
    "rep": lambda turn, _press: home.report(turn, office=False),
    "off": lambda turn, _press: home.report(turn, office=True),
    "pick": home.picked,
    "help": lambda turn, _press: home.help_screen(turn),
    # A new message: what the button stands on (a receipt) must stay.
    "st": lambda turn, _press: status_command(turn, ""),
    "lang": _language,
    joining.CONSENT_ACTION: lambda turn, _press: home.home(turn),
}
