"""Accepting: one report as it was looked at, or all in which nothing is striking."""

from handlers.channel import Reply
from handlers.presses import Press, pack
from handlers.review.cases import case_of, marks_of_report, name_of, open_round, stamp, waiting
from handlers.review.menus import show
from handlers.turn import Turn
from storage import reports


def accept(turn: Turn, press: Press) -> Reply | None:
    """Accept it, unless it has changed since it was shown; then it is shown again."""
    desk = case_of(turn, press.number(0))
    if desk is None:
        return None
    unit = name_of(desk, turn.texts)
    if not desk.writable:
        return show(turn, pack("v.one", desk.report.id), "review.closed")
    if desk.report.state != "sent":
        return show(turn, pack("v.one", desk.report.id), f"review.not_sent_{desk.report.state}")
    if press.number(1) != stamp(desk):
        return show(turn, pack("v.one", desk.report.id), "review.changed_since")
    reports.accept_report(turn.tx, desk.report, by=turn.person.id, now=turn.now)
    return show(turn, pack("v.list", desk.round.id), "review.accepted", unit=unit)


def accept_all(turn: Turn, press: Press) -> Reply | None:
    """Accept everything that waits without a mark."""
    round_ = open_round(turn, press.number(0))
    if round_ is None:
        return None
    plain = [desk for desk in waiting(turn, round_) if not marks_of_report(desk)]
    for desk in plain:
        if desk.writable:
            reports.accept_report(turn.tx, desk.report, by=turn.person.id, now=turn.now)
    return show(turn, pack("v.list", round_.id), "review.accepted_all", count=len(plain))
