"""The table of communes: those that need help first, or sorted by a column; the operator's desk.

One page shows all communes, so that the browser's search finds any name; links sort and filter it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.board.desk.screen_pages import choices
from bot.board.pages import PageContent, PageRequest, Redirect, page_of
from bot.board.results.screens import text_and_links
from handlers.difficulties import wording
from handlers.flow.channel import Screen
from handlers.flow.routes import Route
from handlers.operator.communes import ALL, CommuneGroup, groups_of
from handlers.operator.screens import (
    GENERAL,
    by_indicator,
    of_indicator,
    operator_home,
    shared_difficulties,
)
from handlers.rounds.opening.target import first_step
from handlers.status.commune_comparison import ComparedCommune, standings
from handlers.status.communes import ReadableCommune, all_communes, one_commune, when
from handlers.status.loading import readable_communes, rounds_shown
from handlers.status.overview import whole_commune
from handlers.texts import Html
from storage.places.places import Commune

_MOST_SHARED = 5  # difficulties on the operator's page


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column that can be sorted; `by` returns the value to compare, None without a value."""

    key: str
    by: Callable[[ComparedCommune], Any]
    number: bool = True
    highest_first: bool = False


COLUMNS = (
    SortColumn("commune", lambda _: 0, number=False),  # communes come in the order of their names
    SortColumn("group", lambda one: one.commune.group_name, number=False),
    SortColumn("round", lambda one: one.count and -one.count.closes_at.timestamp(), number=False),
    SortColumn("met", lambda one: one.result and one.result.met / (one.result.total or 1)),
    SortColumn(
        "reports", lambda one: one.count and one.count.reports_in / (one.count.expected or 1)
    ),
    SortColumn("left", lambda one: one.count and (not one.count.open, one.count.deadline)),
    SortColumn("unreachable", lambda one: one.unreachable, highest_first=True),
    SortColumn("difficulties", lambda one: one.difficulties, highest_first=True),
)


@page_of(all_communes, "communes_table.html")
def communes(request: PageRequest) -> dict[str, Any]:
    """Show the table of the communes that the person may read."""
    return _table(request, all_communes)


@page_of(operator_home, "operator.html")
def operator(request: PageRequest) -> PageContent:
    """Show the operator's desk: the actions, the communes and frequent difficulties."""
    screen = operator_home(request.context)
    if screen is None:
        return None
    head, _, facts = screen.text.partition("\n")
    here = {all_communes.data(), by_indicator.data()}  # buttons to parts of this page
    rows = tuple(tuple(one for one in row if one.data not in here) for row in screen.rows)
    found = choices(request, Screen("", rows))
    return {
        **_table(request, operator_home),
        "head": Html(head),
        "facts": Html(facts.strip()),
        "choices": [*_of_group(request), *(one for row in found for one in row)],
        "shared": _shared(request),
        "all_shared": request.link(by_indicator),
    }


@page_of(one_commune, "communes.html")
def commune(request: PageRequest, commune: ReadableCommune) -> PageContent:
    """Redirect to the commune's only round; else show the chat's screen of the commune."""
    found = rounds_shown(request.context.tx, commune.id, request.context.now)
    if len(found) == 1:
        return Redirect(whole_commune.at(found[0]))
    return text_and_links(request, one_commune(request.context, commune))


def _of_group(request: PageRequest) -> list[dict[str, str]]:
    """Return the link that opens a round for the shown group; empty if all communes are shown."""
    chosen = _group(request)
    if chosen is None or chosen.name is None:
        return []
    caption = request.texts.say("operating.button.round_group", group=chosen.name)
    way = request.link_to(first_step(request.context, chosen.id))
    return [{"label": caption, "link": way, "post": ""}]


def _shared(request: PageRequest) -> list[tuple[str, str, int, int]]:
    """Return the most frequent difficulties: subject, link, number of communes, of difficulties."""
    found = shared_difficulties(request.context)
    return [
        (
            wording.about(request.context, some[0]),
            request.link(of_indicator, code),
            len({one.commune_id for one in some}),
            len(some),
        )
        for code, some in list(found.items())[:_MOST_SHARED]
        if code != GENERAL or len(found) == 1
    ]


# --- the table ------------------------------------------------------------------------------------


def _group(request: PageRequest) -> CommuneGroup | None:
    """Return the group in the address, or the group of all communes; None for non-operators."""
    groups = {one.id: one for one in groups_of(request.context)}
    return groups.get(request.query.get("group", ALL)) or groups.get(ALL)


def _table(request: PageRequest, here: Route[Any]) -> dict[str, Any]:
    context, texts = request.context, request.texts
    readable, groups, chosen = readable_communes(context), groups_of(context), _group(request)
    group = chosen.id if chosen is not None else ALL
    visible = chosen.communes if chosen is not None and chosen.name is not None else readable
    sort = request.query.get("sort", "")
    found = standings(context.tx, visible, context.now)
    column = next((one for one in COLUMNS if one.key == sort.removeprefix("-")), None)
    rows = _sorted(found, visible, column, backwards=sort.startswith("-"))
    address = request.link(here)
    grouped = len({one.group_name for one in readable}) > 1
    columns = [one for one in COLUMNS if grouped or one.key != "group"]
    return {
        "count": len(visible),
        "filters": [
            (
                one.name or texts.say("board.communes.all"),
                address + _query(sort, one.id),
                len(one.communes),
                one.id == group,
            )
            for one in groups
            if len(groups) > 1
        ],
        "need": (address + _query("", group), column is None),
        "columns": [_head(request, one, sort, address, group) for one in columns],
        "grouped": grouped,
        "rows": [_row(request, one) for one in rows],
        "totals": _totals(found),
        "as_of": texts.say("status.as_of", when=texts.time(context.now, context.deployment.zone)),
    }


def _head(
    request: PageRequest, one: SortColumn, sort: str, address: str, group: str
) -> dict[str, Any]:
    """Return a column's head; its link sorts by the column, or reverses the present order."""
    same, backwards = one.key == sort.removeprefix("-"), sort.startswith("-")
    after = f"-{one.key}" if same and not backwards else one.key
    rising = one.highest_first == backwards
    return {
        "caption": request.texts.say(f"board.communes.{one.key}"),
        "link": address + _query(after, group),
        "order": ("ascending" if rising else "descending") if same else "",
        "number": one.number,
    }


def _query(sort: str, group: str) -> str:
    given = {"sort": sort} if sort else {}
    given |= {"group": group} if group != ALL else {}
    return f"?{urlencode(given)}" if given else ""


def _sorted(
    found: list[ComparedCommune],
    communes: Sequence[Commune],
    column: SortColumn | None,
    *,
    backwards: bool,
) -> list[ComparedCommune]:
    """Sort by a column, equal values by name; communes without a value come last."""
    if column is None:
        return found
    order = {one.id: place for place, one in enumerate(communes)}
    named = sorted(found, key=lambda one: order[one.commune.id])
    if column.key == "commune":
        return named[::-1] if backwards else named
    some = [one for one in named if column.by(one) is not None]
    some.sort(key=column.by, reverse=column.highest_first != backwards)
    return [*some, *(one for one in named if column.by(one) is None)]


def _row(request: PageRequest, one: ComparedCommune) -> dict[str, Any]:
    count, result = one.count, one.result
    link = whole_commune if one.round is not None else one_commune
    missing = count.expected - count.reports_in if count is not None else 0
    return {
        "name": one.commune.name,
        "link": request.link(link, one.round or one.commune),
        "group": one.commune.group_name or "",
        "round": one.round.name if one.round is not None else "",
        "met": f"{result.met}/{result.total}" if result is not None else "—",
        "reports": f"{count.reports_in}/{count.expected}" if count is not None else "—",
        "in": count.reports_in if count is not None else 0,
        "expected": count.expected if count is not None else 0,
        "left": when(request.context, count) if count is not None else "—",
        "state": "none" if count is None else "late" if count.open and missing else "fine",
        "unreachable": one.unreachable,
        "difficulties": one.difficulties,
    }


def _totals(found: Sequence[ComparedCommune]) -> dict[str, int]:
    """Return the totals of the shown communes; people count once in a commune with two rounds."""
    once = {one.commune.id: one for one in found}.values()
    counts = [one.count for one in found if one.count is not None and one.count.open]
    return {
        "in": sum(one.reports_in for one in counts),
        "expected": sum(one.expected for one in counts),
        "unreachable": sum(one.unreachable for one in once),
        "difficulties": sum(one.difficulties for one in once),
    }
