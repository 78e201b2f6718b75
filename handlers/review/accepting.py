"""Accepting: one report as it was looked at, or all in which nothing is striking."""

from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import to
from handlers.flow.press import Press
from handlers.review.cases import case_of, marks_of_report, name_of, open_round, stamp, waiting
from storage import reports


def _accept(context: Context, press: Press, said: Said) -> Next | None:
    """Accept it, unless it has changed since it was shown; then it is shown again."""
    view = case_of(context, press.number(0))
    if view is None:
        return None
    texts, here = context.texts, to("v.one", view.report.id)
    if not view.writable:
        return Next(here, texts.say("review.closed"))
    if view.report.state != "sent":
        return Next(here, texts.say(f"review.not_sent_{view.report.state}"))
    if press.number(1) != stamp(view):
        return Next(here, texts.say("review.changed_since"))
    reports.accept_report(context.tx, view.report, by=context.person.id, now=context.now)
    done = texts.say("review.accepted", unit=name_of(view, texts))
    return Next(to("v.list", view.round.id), done)


def _accept_all(context: Context, press: Press, said: Said) -> Next | None:
    """Accept everything that waits without a mark."""
    round_ = open_round(context, press.number(0))
    if round_ is None:
        return None
    plain = [view for view in waiting(context, round_) if not marks_of_report(view)]
    open_ = [view.report for view in plain if view.writable]
    reports.accept_reports(context.tx, open_, by=context.person.id, now=context.now)
    done = context.texts.say("review.accepted_all", count=len(plain))
    return Next(to("v.list", round_.id), done)


STEPS = Steps(views={}, deeds={"v.ok": _accept, "v.all": _accept_all})
