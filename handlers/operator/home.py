"""The operator's start screen: how the communes stand, and the few things there are to do."""

from handlers.flow.channel import Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, to
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import NoArguments, screen
from handlers.operator.communes import operated
from handlers.rounds.opening.target import way_in
from storage import difficulties, overviews, people, schedules


@screen("o.home", NoArguments, right=OPERATOR)
def operator_home(context: Context, at: NoArguments) -> Screen:
    """Communes, open rounds, difficulties passed up."""
    communes = operated(context)
    ids = [one.id for one in communes]
    newest = overviews.newest_rounds(context.tx, ids, context.now)
    open_ = sum(1 for count in newest.values() if count.open)
    waiting = len(difficulties.passed_up(context.tx, ids))
    page = Page(context).say("operating.title", communes=len(communes)).line()
    page.say("operating.rounds", open=open_, without=len(communes) - open_)
    page.say("operating.waiting", count=waiting)
    officers = people.officers_by_commune(context.tx, ids)
    without = sum(not officers[one] for one in ids)
    if without:
        page.say("operating.no_officer", count=without)
    kept = schedules.schedules_without_set(context.tx, {one.id for one in context.deployment.sets})
    stuck = [one for one in kept if one.commune_id in ids]
    if stuck:
        gone = ", ".join(sorted({one.criteria_id for one in stuck}))
        page.say("operating.set_gone", count=len({one.commune_id for one in stuck}), sets=gone)
    page.button("operating.button.communes", to("s.all"))
    page.button("operating.button.round", way_in(context, 0))
    page.button("operating.button.invite", to("o.inv"))
    page.button("operating.button.difficulties", to("o.diff"), count=waiting)
    return page.button("manage.button.notices", to("n.list", 0)).home().screen()


@command("dieuhanh", "operate", place=90, menu=OPERATOR.holds, refused="operating.nobody")
def operate_command(context: Context, text: str) -> Next:
    """The operator's screen."""
    return Next(to("o.home"))
