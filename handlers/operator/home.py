"""The operator's desk: how the communes stand, and the few things there are to do."""

from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import data_of, to, to_home
from handlers.flow.press import Press, pack
from handlers.flow.rights import OPERATOR
from handlers.operator.communes import operated
from handlers.rounds.opening.target import way_in
from storage import difficulties, overviews, people, schedules


def _desk(context: Context, press: Press, said: Said) -> Screen | None:
    """Communes, open rounds, difficulties passed up; None for who is no operator."""
    if not context.operator:
        return None
    texts, communes = context.texts, operated(context)
    ids = [one.id for one in communes]
    newest = overviews.newest_rounds(context.tx, ids, context.now)
    open_ = sum(1 for count in newest.values() if count.open)
    waiting = len(difficulties.passed_up(context.tx, ids))
    lines = [
        texts.say("operating.title", communes=len(communes)),
        "",
        texts.say("operating.rounds", open=open_, without=len(communes) - open_),
        texts.say("operating.waiting", count=waiting),
    ]
    officers = people.officers_by_commune(context.tx, ids)
    without = sum(not officers[one] for one in ids)
    if without:
        lines.append(texts.say("operating.no_officer", count=without))
    kept = schedules.schedules_without_set(context.tx, {one.id for one in context.deployment.sets})
    stuck = [one for one in kept if one.commune_id in ids]
    if stuck:
        gone = ", ".join(sorted({one.criteria_id for one in stuck}))
        count = len({one.commune_id for one in stuck})
        lines.append(texts.say("operating.set_gone", count=count, sets=gone))
    rows = (
        (Button(texts.say("operating.button.communes"), pack("s.all")),),
        (Button(texts.say("operating.button.round"), data_of(way_in(context, 0))),),
        (Button(texts.say("operating.button.invite"), pack("o.inv")),),
        (Button(texts.say("operating.button.difficulties", count=waiting), pack("o.diff")),),
        (Button(texts.say("manage.button.notices"), pack("n.list", 0)),),
        to_home(texts),
    )
    return Screen("\n".join(lines), rows)


STEPS = Steps(views={"o.home": _desk})


@command("dieuhanh", "operate", place=90, menu=OPERATOR.holds, refused="operating.nobody")
def operate_command(context: Context, text: str) -> Next:
    """The operator's screen."""
    return Next(to("o.home"))
