"""From a screen beside a report back into it: the question comes where the screen stood."""

from dataclasses import replace

from criteria.answers import Ratio
from criteria.conversation import Move, Place, advance, begin
from handlers.channel import Reply, Screen, Shown
from handlers.reporting.desk import Desk, lay_out
from handlers.reporting.moving import apply, moved, standing_desk, take
from handlers.reporting.showing import show_desk
from handlers.steps import STEP, step_message
from handlers.texts import Html
from handlers.turn import Turn
from storage import conversations, reports
from storage.reports import Report


def desk_beside(turn: Turn, report: Report) -> Desk:
    """The person's own desk of this report, for a screen beside it that leads back there."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    standing = standing_desk(turn, kept)
    if standing is not None and standing.report.id == report.id:
        return standing
    desk = lay_out(turn.tx, report, turn.person.id, Place(), 0, turn.now)
    return replace(desk, place=begin(desk.questions))


def came_back(turn: Turn, desk: Desk, code: str | None) -> Reply:
    """From a screen beside the report back to a question of it, or to the summary."""
    if code is None or desk.question(code) is None:
        return show_desk(turn, moved(turn, desk, Place("summary")))
    return apply(turn, desk, Move("edit", number=desk.number_of(code)), "button")


def taken_over(turn: Turn, desk: Desk, code: str, counted: Ratio) -> Reply:
    """A sum that was counted becomes the answer, once it is confirmed, like any typed one."""
    question = desk.question(code)
    if question is not None and question.answer == counted:
        reports.set_how(
            turn.tx, desk.report, code, "houses", by=turn.person.id, way="button", now=turn.now
        )
    move = Move("give", counted, clear=False, reason="counted", code=code, how="houses")
    return take(turn, desk, advance(desk.place, desk.questions, move), "button")


def back_in_report(turn: Turn, reply: Reply, left: Html) -> Reply:
    """The report's own screen; a step in another message loses its buttons and says `left`."""
    pressed = turn.incoming.message if turn.incoming.kind == "press" else None
    message = pressed or step_message(turn.tx, turn.person.id)
    conversations.forget_shown(turn.tx, turn.person.id, STEP)
    if message is None or any(message in {one.edit, one.strip} for one in reply.shown):
        return reply
    return replace(reply, shown=(Shown(Screen(left), edit=message), *reply.shown))
