"""Accepting: one report as it was looked at, or all in which nothing is striking."""

from handlers.presses import Press
from handlers.review.cases import case_of, marks_of_report, name_of, open_round, stamp, waiting
from handlers.steps import Next, Said, Steps, to
from handlers.turn import Turn
from storage import reports


def _accept(turn: Turn, press: Press, said: Said) -> Next | None:
    """Accept it, unless it has changed since it was shown; then it is shown again."""
    desk = case_of(turn, press.number(0))
    if desk is None:
        return None
    texts, here = turn.texts, to("v.one", desk.report.id)
    if not desk.writable:
        return Next(here, texts.say("review.closed"))
    if desk.report.state != "sent":
        return Next(here, texts.say(f"review.not_sent_{desk.report.state}"))
    if press.number(1) != stamp(desk):
        return Next(here, texts.say("review.changed_since"))
    reports.accept_report(turn.tx, desk.report, by=turn.person.id, now=turn.now)
    done = texts.say("review.accepted", unit=name_of(desk, texts))
    return Next(to("v.list", desk.round.id), done)


def _accept_all(turn: Turn, press: Press, said: Said) -> Next | None:
    """Accept everything that waits without a mark."""
    round_ = open_round(turn, press.number(0))
    if round_ is None:
        return None
    plain = [desk for desk in waiting(turn, round_) if not marks_of_report(desk)]
    open_ = [desk.report for desk in plain if desk.writable]
    reports.accept_reports(turn.tx, open_, by=turn.person.id, now=turn.now)
    done = turn.texts.say("review.accepted_all", count=len(plain))
    return Next(to("v.list", round_.id), done)


STEPS = Steps(views={}, deeds={"v.ok": _accept, "v.all": _accept_all})
