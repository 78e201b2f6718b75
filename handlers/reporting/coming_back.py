"""From a screen beside a report back into it: the question comes where the screen stood."""

from dataclasses import replace

from handlers.beside import STEP, step_message
from handlers.channel import Reply, Screen, Shown
from handlers.texts import Html
from handlers.turn import Turn
from storage import conversations


def back_in_report(turn: Turn, reply: Reply, left: Html) -> Reply:
    """The report's own screen; a step in another message loses its buttons and says `left`."""
    pressed = turn.incoming.message if turn.incoming.kind == "press" else None
    message = pressed or step_message(turn.tx, turn.person.id)
    conversations.forget_shown(turn.tx, turn.person.id, STEP)
    if message is None or any(message in {one.edit, one.strip} for one in reply.shown):
        return reply
    return replace(reply, shown=(Shown(Screen(left), edit=message), *reply.shown))
