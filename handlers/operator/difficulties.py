"""Difficulties passed up to the operator, what most communes share first."""

from collections import defaultdict
from dataclasses import dataclass

from handlers.difficulties import wording
from handlers.flow.arguments import OfPage, page_number, text
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, Page, page_of, to, turning
from handlers.flow.press import pack
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import Arguments, argument, screen
from handlers.operator.communes import operated
from storage import difficulties, places
from storage.difficulties import Difficulty

_GENERAL = "-"


@dataclass(frozen=True, slots=True)
class _OfIndicator(Arguments):
    indicator: str = argument(text)
    page: int = argument(page_number)


@screen("o.diff", OfPage, right=OPERATOR)
def by_indicator(context: Context, at: OfPage) -> Screen:
    """The indicators with difficulties, by how many communes have the same; general ones last."""
    groups = _groups(context)
    some, number, pages = page_of(list(groups.items()), at.page, PAGE)
    count = sum(len(found) for found in groups.values())
    page = Page(context).say("operating.difficulties", count=count).line()
    for place, (code, found) in enumerate(some, number * PAGE + 1):
        about = wording.about(context, found[0])
        communes = len({one.commune_id for one in found})
        page.say("operating.shared", number=place, about=about, communes=communes, count=len(found))
        page.row(Button(f"{place}. {about}", of_indicator.data(code)))
    if not groups:
        page.say("operating.difficulties_none")
    page.rows(turning(number, pages, by_indicator.data, context.texts))
    return page.button("operating.button.desk", to("o.home")).screen()


@screen("o.same", _OfIndicator, right=OPERATOR)
def of_indicator(context: Context, at: _OfIndicator) -> Screen | None:
    """The difficulties with one indicator, the oldest first."""
    found = _groups(context).get(at.indicator, [])
    if not found:
        return by_indicator(context, OfPage(0))
    some, number, pages = page_of(found, at.page, PAGE)
    page = Page(context).say(
        "operating.same",
        about=wording.about(context, found[0]),
        communes=len({one.commune_id for one in found}),
    )
    page.line()
    for place, one in enumerate(some, number * PAGE + 1):
        commune = places.commune(context.tx, one.commune_id).name
        where = f"{commune}, {wording.where(context, one)}"
        page.line(wording.line(context, place, one, where))
        page.row(Button(f"{place}. {commune}", pack("d.one", one.id)))
    page.rows(turning(number, pages, lambda to: of_indicator.data(at, page=to), context.texts))
    return page.button("difficulties.button.list", by_indicator.at()).screen()


def _groups(context: Context) -> dict[str, list[Difficulty]]:
    found: defaultdict[str, list[Difficulty]] = defaultdict(list)
    for one in difficulties.passed_up(context.tx, [one.id for one in operated(context)]):
        found[one.indicator or _GENERAL].append(one)

    def shared(item: tuple[str, list[Difficulty]]) -> tuple[bool, int, int]:
        code, members = item
        return (code == _GENERAL, -len({m.commune_id for m in members}), -len(members))

    return dict(sorted(found.items(), key=shared))
