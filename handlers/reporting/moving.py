"""What a move of a report comes to: its changes and the place are kept, the next screen shown."""

from collections.abc import Iterable
from dataclasses import replace

from criteria.conversation import Move, Place, Put, Said, Send, Step, Undo, advance
from handlers.channel import Reply
from handlers.reminding import gathering
from handlers.reporting import late_arrivals, on_behalf, receipts
from handlers.reporting.desk import Desk, desk_of, laid_again
from handlers.reporting.showing import show_desk
from handlers.reporting.who_writes import may_fill, may_write
from handlers.turn import Turn
from storage import conversations, reports, results
from storage.conversations import Conversation


def standing_desk(turn: Turn, kept: Conversation | None) -> Desk | None:
    """The desk that lies open, unless its place is from before the role ended."""
    standing = desk_of(turn.tx, kept, turn.said_at, turn.now)
    ours = standing is not None and may_fill(turn, standing.report, kept)
    return standing if ours else None


def apply(turn: Turn, desk: Desk, move: Move, way: str) -> Reply:
    """Make a move on the desk, by this way, and show where it leads."""
    if move.does == "undo":
        return _undo(turn, desk, way)
    move = as_before(turn, desk, move)
    return take(turn, desk, advance(desk.place, desk.questions, move), way)


def _undo(turn: Turn, desk: Desk, way: str) -> Reply:
    """Take back the person's own last change, if no other answer stands there by now."""
    last = reports.last_change(turn.tx, desk.report.id, turn.person.id)
    if last is not None and last.overtaken:
        return show_desk(turn, desk, (Said("undo_overtaken", last.indicator),))
    code = last.indicator if last is not None else None
    return take(turn, desk, advance(desk.place, desk.questions, Move("undo"), code), way)


def as_before(turn: Turn, desk: Desk, move: Move) -> Move:
    """Who keeps the number of the last period keeps how it was come by."""
    code = move.code or desk.place.code
    if move.does != "same" or code is None:
        return move
    return replace(move, how=results.how_before(turn.tx, desk.round, desk.unit.id, code))


def take(turn: Turn, desk: Desk, step: Step, way: str) -> Reply:
    """Store what the step changes and show where it leads."""
    report = desk.report
    helping = not may_write(turn, desk.unit.id)
    way = "office" if helping else way
    for change in step.changes:
        if isinstance(change, Put):
            reports.put_answer(
                turn.tx,
                report,
                change.code,
                change.value,
                by=turn.person.id,
                way=way,
                now=turn.said_at,
                commune_total=change.commune_total,
                how=change.how,
            )
        elif isinstance(change, Undo):
            reports.undo(turn.tx, report, by=turn.person.id, now=turn.said_at)
        else:
            before = report.sends
            report = reports.send_report(
                turn.tx,
                report,
                by=turn.person.id,
                now=turn.said_at,
                deadline=desk.round.deadline,
                way="office" if helping else "button",
            )
            if report.sends > before:
                gathering.report_sent(turn, desk.round, report)
    if step.changes:
        late_arrivals.changed(turn, desk)
    after = moved(turn, replace(desk, report=report), step.place, changed=_changed(step))
    if any(isinstance(change, Send) for change in step.changes):
        return on_behalf.sent(turn, after) if helping else receipts.sent(turn, after)
    extra = receipts.refreshed(turn, after) if step.changes and after.report.sends else ()
    return show_desk(turn, after, step.says, extra=extra)


def _changed(step: Step) -> list[str] | None:
    """The answers that a step touches; None: an undo or a sending, so any of them."""
    puts = [change for change in step.changes if isinstance(change, Put)]
    return [put.code for put in puts] if len(puts) == len(step.changes) else None


def moved(
    turn: Turn,
    desk: Desk,
    place: Place,
    *,
    changed: Iterable[str] | None = (),
    pieces_too: bool = False,
) -> Desk:
    """The desk as it lies after the place was kept; what changed with it as in `laid_again`."""
    revision = conversations.save_place(
        turn.tx, turn.person.id, desk.report.id, place.to_json(), turn.now
    )
    late_arrivals.give_grace(turn, desk)
    return laid_again(
        turn.tx, desk, turn.person.id, place, revision, changed=changed, pieces_too=pieces_too
    )
