"""The operator's screens: the state of the communes, tasks, and difficulties passed up."""

from collections import defaultdict
from dataclasses import replace
from typing import Annotated

from handlers.difficulties import wording
from handlers.flow.arguments import Text, one_of
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import opens
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import pack
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import screen
from handlers.operator.communes import (
    ALL,
    CommuneGroup,
    group_names,
    groups_of,
    operated,
    with_group,
)
from handlers.operator.files import files_of_many
from handlers.rounds.opening.target import first_step
from storage.difficulties import difficulties
from storage.difficulties.difficulties import Difficulty
from storage.people import people
from storage.places import places
from storage.rounds import overviews, schedules

GENERAL = "-"


@screen("o.home", right=OPERATOR)
def operator_home(context: Context) -> Screen:
    """Show the communes, the open rounds, and the difficulties that were passed up."""
    communes = operated(context)
    ids = [one.id for one in communes]
    current = overviews.present_rounds(context.tx, ids, context.now)
    open_ = sum(1 for of_commune in current.values() if of_commune[0].open)
    waiting = len(difficulties.passed_up(context.tx, ids))
    title = with_group(
        context.texts, "operating.title", group_names(context), communes=len(communes)
    )
    page = ScreenBuilder(context).line(title, "")
    page.say("operating.rounds", open=open_, without=len(communes) - open_)
    page.say("operating.waiting", count=waiting)
    officers = people.officers_by_commune(context.tx, ids)
    without = sum(not officers[one] for one in ids)
    if without:
        page.say("operating.no_officer", count=without)
    found = schedules.schedules_without_set(context.tx, {one.id for one in context.deployment.sets})
    stuck = [one for one in found if one.commune_id in ids]
    if stuck:
        sets = ", ".join(sorted({one.criteria_id for one in stuck}))
        page.say("operating.set_gone", count=len({one.commune_id for one in stuck}), sets=sets)
    page.button("operating.button.communes", to("s.all"))
    page.button("operating.button.round", first_step(context, 0))
    page.button("operating.button.invite", to("o.inv"))
    page.button("operating.button.difficulties", to("o.diff"), count=waiting)
    page.button("operating.button.files", files_of_many.at(ALL))
    page.button("workbook.form.button", to("b.file", 0))
    return page.button("manage.button.notices", to("n.list", 0)).home().screen()


opens(
    "dieuhanh", "operate", operator_home.at(),
    place=90, menu=OPERATOR.holds, refused="operating.nobody",
)  # fmt: skip


# --- one group of several -------------------------------------------------------------------------


@screen("o.group", right=OPERATOR)
def one_group(context: Context, what: Annotated[str, one_of("p", "f")]) -> Screen:
    """Ask for the group of communes to open a round for, or to make files of."""
    page = ScreenBuilder(context).say("operating.which_group")

    def button(group: CommuneGroup) -> Button:
        label = context.texts.say("operating.group", group=group.name, count=len(group.communes))
        address = first_step(context, group.id) if what == "p" else files_of_many.at(group)
        return Button(label, address.data)

    page.listed([one for one in groups_of(context) if one.name], button, one_group, what)
    return page.button("operating.button.desk", to("o.home")).screen()


# --- difficulties passed up, those of most communes first -----------------------------------------


@screen("o.diff", right=OPERATOR)
def by_indicator(context: Context) -> Screen:
    """Show the indicators with difficulties, by the number of communes; general ones last."""
    groups = shared_difficulties(context)
    count = sum(len(found) for found in groups.values())
    page = ScreenBuilder(context).say("operating.difficulties", count=count).line()
    for place, (code, found) in page.paged(list(groups.items())):
        about = wording.about(context, found[0])
        communes = len({one.commune_id for one in found})
        page.say("operating.shared", number=place, about=about, communes=communes, count=len(found))
        page.row(Button(f"{place}. {about}", of_indicator.data(code)))
    if not groups:
        page.say("operating.difficulties_none")
    page.turned(by_indicator)
    return page.button("operating.button.desk", to("o.home")).screen()


@screen("o.same", right=OPERATOR)
def of_indicator(context: Context, indicator: Text) -> Screen | None:
    """Show the difficulties with one indicator, the oldest first."""
    found = shared_difficulties(context).get(indicator, [])
    if not found:
        return by_indicator(replace(context, page=0))
    page = ScreenBuilder(context).say(
        "operating.same",
        about=wording.about(context, found[0]),
        communes=len({one.commune_id for one in found}),
    )
    page.line()
    for place, one in page.paged(found):
        commune = places.commune(context.tx, one.commune_id).name
        where = f"{commune}, {wording.where(context, one)}"
        page.line(wording.line(context, place, one, where))
        page.row(Button(f"{place}. {commune}", pack("d.one", one.id)))
    page.turned(of_indicator, indicator)
    return page.button("difficulties.button.list", by_indicator.at()).screen()


def shared_difficulties(context: Context) -> dict[str, list[Difficulty]]:
    """Return the difficulties passed up by indicator, those of most communes first."""
    found: defaultdict[str, list[Difficulty]] = defaultdict(list)
    for one in difficulties.passed_up(context.tx, [one.id for one in operated(context)]):
        found[one.indicator or GENERAL].append(one)

    def shared(item: tuple[str, list[Difficulty]]) -> tuple[bool, int, int]:
        code, members = item
        return (code == GENERAL, -len({m.commune_id for m in members}), -len(members))

    return dict(sorted(found.items(), key=shared))
