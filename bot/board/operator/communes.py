"""The communes as a table: who needs help first, or by any column; for operators their whole desk.

Everything stands on one page, so that the browser finds any name; links sort and filter it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.board.desk.screen_pages import choices
from bot.board.pages import Filled, Goto, Looking, page_of
from bot.board.results.screens import shown
from handlers.difficulties import wording
from handlers.flow.channel import Screen
from handlers.flow.routes import Route
from handlers.operator.communes import ALL, Group, groups_of
from handlers.operator.screens import (
    GENERAL,
    by_indicator,
    of_indicator,
    operator_home,
    shared_difficulties,
)
from handlers.rounds.opening.target import first_step
from handlers.status.commune_comparison import Standing, standings
from handlers.status.communes import ReadableCommune, all_communes, one_commune, when
from handlers.status.loading import readable_communes, rounds_shown
from handlers.status.overview import whole_commune
from handlers.texts import Html
from storage.places.places import Commune

_MOST_SHARED = 5  # difficulties on the operator's page


@dataclass(frozen=True, slots=True)
class Column:
    """A column that sorts: `by` gives what is compared, None where there is nothing to compare."""

    key: str
    by: Callable[[Standing], Any]
    number: bool = True
    highest_first: bool = False


COLUMNS = (
    Column("commune", lambda _: 0, number=False),  # communes come in the order of their names
    Column("group", lambda one: one.commune.group_name, number=False),
    Column("round", lambda one: one.count and -one.count.closes_at.timestamp(), number=False),
    Column("met", lambda one: one.result and one.result.met / (one.result.total or 1)),
    Column("reports", lambda one: one.count and one.count.reports_in / (one.count.expected or 1)),
    Column("left", lambda one: one.count and (not one.count.open, one.count.deadline)),
    Column("unreachable", lambda one: one.unreachable, highest_first=True),
    Column("difficulties", lambda one: one.difficulties, highest_first=True),
)


@page_of(all_communes, "communes_table.html")
def communes(looking: Looking) -> dict[str, Any]:
    """The communes of whoever reads several."""
    return _table(looking, all_communes)


@page_of(operator_home, "operator.html")
def operator(looking: Looking) -> Filled:
    """The operator's desk: what there is to do, the communes, and what many of them share."""
    screen = operator_home(looking.context)
    if screen is None:
        return None
    head, _, facts = screen.text.partition("\n")
    here = {all_communes.data(), by_indicator.data()}  # what stands on this page
    rows = tuple(tuple(one for one in row if one.data not in here) for row in screen.rows)
    found = choices(looking, Screen("", rows))
    return {
        **_table(looking, operator_home),
        "head": Html(head),
        "facts": Html(facts.strip()),
        "choices": [*_of_group(looking), *(one for row in found for one in row)],
        "shared": _shared(looking),
        "all_shared": looking.link(by_indicator),
    }


@page_of(one_commune, "communes.html")
def commune(looking: Looking, commune: ReadableCommune) -> Filled:
    """A commune's one round, else which of them."""
    found = rounds_shown(looking.context.tx, commune.id, looking.context.now)
    if len(found) == 1:
        return Goto(whole_commune.at(found[0]))
    return shown(looking, one_commune(looking.context, commune))


def _of_group(looking: Looking) -> list[dict[str, str]]:
    """The way to open a round for the group that is shown."""
    chosen = _group(looking)
    if chosen is None or chosen.name is None:
        return []
    caption = looking.texts.say("operating.button.round_group", group=chosen.name)
    way = looking.to(first_step(looking.context, chosen.id))
    return [{"label": caption, "link": way, "post": ""}]


def _shared(looking: Looking) -> list[tuple[str, str, int, int]]:
    """The difficulties that most communes share: about what, a link, communes, difficulties."""
    found = shared_difficulties(looking.context)
    return [
        (
            wording.about(looking.context, some[0]),
            looking.link(of_indicator, code),
            len({one.commune_id for one in some}),
            len(some),
        )
        for code, some in list(found.items())[:_MOST_SHARED]
        if code != GENERAL or len(found) == 1
    ]


# --- the table ------------------------------------------------------------------------------------


def _group(looking: Looking) -> Group | None:
    """The operator's group that the address names, else all; None for anybody else."""
    groups = {one.id: one for one in groups_of(looking.context)}
    return groups.get(looking.given.get("group", ALL)) or groups.get(ALL)


def _table(looking: Looking, here: Route[Any]) -> dict[str, Any]:
    context, texts = looking.context, looking.texts
    every, groups, chosen = readable_communes(context), groups_of(context), _group(looking)
    group = chosen.id if chosen is not None else ALL
    shown_ = chosen.communes if chosen is not None and chosen.name is not None else every
    sort = looking.given.get("sort", "")
    found = standings(context.tx, shown_, context.now)
    column = next((one for one in COLUMNS if one.key == sort.removeprefix("-")), None)
    rows = _sorted(found, shown_, column, backwards=sort.startswith("-"))
    address = looking.link(here)
    grouped = len({one.group_name for one in every}) > 1
    columns = [one for one in COLUMNS if grouped or one.key != "group"]
    return {
        "count": len(shown_),
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
        "columns": [_head(looking, one, sort, address, group) for one in columns],
        "grouped": grouped,
        "rows": [_row(looking, one) for one in rows],
        "totals": _totals(found),
        "as_of": texts.say("status.as_of", when=texts.time(context.now, context.deployment.zone)),
    }


def _head(looking: Looking, one: Column, sort: str, address: str, group: str) -> dict[str, Any]:
    """A column's head with the link that sorts by it, the other way round when it does already."""
    same, backwards = one.key == sort.removeprefix("-"), sort.startswith("-")
    after = f"-{one.key}" if same and not backwards else one.key
    rising = one.highest_first == backwards
    return {
        "caption": looking.texts.say(f"board.communes.{one.key}"),
        "link": address + _query(after, group),
        "order": ("ascending" if rising else "descending") if same else "",
        "number": one.number,
    }


def _query(sort: str, group: str) -> str:
    given = {"sort": sort} if sort else {}
    given |= {"group": group} if group != ALL else {}
    return f"?{urlencode(given)}" if given else ""


def _sorted(
    found: list[Standing], communes: Sequence[Commune], column: Column | None, *, backwards: bool
) -> list[Standing]:
    """By a column, equals by name; what has nothing in the column comes last."""
    if column is None:
        return found
    order = {one.id: place for place, one in enumerate(communes)}
    named = sorted(found, key=lambda one: order[one.commune.id])
    if column.key == "commune":
        return named[::-1] if backwards else named
    some = [one for one in named if column.by(one) is not None]
    some.sort(key=column.by, reverse=column.highest_first != backwards)
    return [*some, *(one for one in named if column.by(one) is None)]


def _row(looking: Looking, one: Standing) -> dict[str, Any]:
    count, result = one.count, one.result
    link = whole_commune if one.round is not None else one_commune
    missing = count.expected - count.reports_in if count is not None else 0
    return {
        "name": one.commune.name,
        "link": looking.link(link, one.round or one.commune),
        "group": one.commune.group_name or "",
        "round": one.round.name if one.round is not None else "",
        "met": f"{result.met}/{result.total}" if result is not None else "—",
        "reports": f"{count.reports_in}/{count.expected}" if count is not None else "—",
        "in": count.reports_in if count is not None else 0,
        "expected": count.expected if count is not None else 0,
        "left": when(looking.context, count) if count is not None else "—",
        "state": "none" if count is None else "late" if count.open and missing else "fine",
        "unreachable": one.unreachable,
        "difficulties": one.difficulties,
    }


def _totals(found: Sequence[Standing]) -> dict[str, int]:
    """Over the communes that are shown; a commune with two rounds has its people once."""
    once = {one.commune.id: one for one in found}.values()
    counts = [one.count for one in found if one.count is not None and one.count.open]
    return {
        "in": sum(one.reports_in for one in counts),
        "expected": sum(one.expected for one in counts),
        "unreachable": sum(one.unreachable for one in once),
        "difficulties": sum(one.difficulties for one in once),
    }
