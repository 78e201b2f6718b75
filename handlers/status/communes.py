"""Several communes in one table, those that need help first, with buttons to each."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, Rows, ScreenBuilder, button, page_of, turning
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.rounds.criteria_sets import round_names
from handlers.status.lines import days_left
from handlers.status.loading import (
    load_status,
    readable_commune,
    readable_communes,
    results_of,
    rounds_shown,
)
from handlers.status.overview import whole_commune
from handlers.texts import Html, Texts, plain
from storage.places.places import Commune
from storage.rounds import overviews, rounds
from storage.rounds.overviews import RoundCount
from storage.rounds.rounds import Round

_SHORTEST_PART = 3  # letters of a name
_ROUNDS = 6  # a page


Counts = Mapping[int, tuple[RoundCount, ...]]

ReadableCommune = Annotated[Commune, readable_commune]


@page("s.all", right=READER)
def all_communes(context: Context) -> Screen:
    """Show a page of communes with indicators met, reports in and days left."""
    communes = readable_communes(context)
    counts = _counts(context, communes)
    shown, number, pages = page_of(by_need(communes, counts), context.page, PAGE)
    body = ScreenBuilder(context).say("status.communes.title", count=len(communes))
    if pages > 1:
        body.say("status.communes.page", page=number + 1, pages=pages)
    body.line("", *_lines(context, shown, counts))
    if not shown:
        body.say("status.communes.none")
    return body.rows(_to_each(shown)).rows(_turned(number, pages, context.texts)).home().screen()


def first_turned(communes: Sequence[Commune], texts: Texts) -> Rows:
    """Return the button from the first page to the next."""
    _, number, pages = page_of(communes, 0, PAGE)
    return _turned(number, pages, texts)


def _turned(number: int, pages: int, texts: Texts) -> Rows:
    return turning(number, pages, lambda page: all_communes.data(page=page), texts)


def _to_each(communes: Sequence[Commune]) -> Rows:
    return tuple((Button(one.name, one_commune.data(one)),) for one in communes)


def by_need(communes: Sequence[Commune], counts: Counts) -> list[Commune]:
    """Sort communes: open rounds with missing reports first, by deadline, then share of reports.

    A commune with several rounds is placed by the one that needs most.
    """

    def need(count: RoundCount) -> tuple[int, float, int, int]:
        missing = count.expected - count.reports_in
        when = count.deadline.timestamp()
        if not count.open:
            return (2, -when, -missing, 0)
        share = count.reports_in * 1000 // count.expected if count.expected else 1000
        return (0 if missing else 1, when, share, -missing)

    without = (3, 0.0, 0, 0)
    return sorted(communes, key=lambda one: min(map(need, counts.get(one.id, ())), default=without))


def _counts(context: Context, communes: Sequence[Commune]) -> Counts:
    return overviews.present_rounds(context.tx, [one.id for one in communes], context.now)


def _lines(context: Context, shown: Sequence[Commune], counts: Counts) -> list[Html]:
    """Return a line for each commune, and a line for each of its several open rounds."""
    texts = context.texts
    ids = [count.round_id for one in shown for count in counts.get(one.id, ())]
    known = rounds.rounds_by_ids(context.tx, ids)
    scored = results_of(context.tx, known)

    def row(key: str, count: RoundCount, **named: object) -> Html:
        result = scored[count.round_id]
        return texts.say(
            key,
            met=result.met,
            total=result.total,
            done=count.reports_in,
            expected=count.expected,
            when=when(context, count),
            **named,
        )

    lines: list[Html] = []
    for commune in shown:
        found = counts.get(commune.id, ())
        if not found:
            lines.append(texts.say("status.communes.no_round", commune=commune.name))
        elif len(found) == 1:
            lines.append(row("status.communes.row", found[0], commune=commune.name))
        else:
            of_commune = {count.round_id for count in found}
            names = round_names((one for one in known if one.id in of_commune), texts.language)
            lines.append(texts.say("status.communes.several", commune=commune.name))
            lines += [
                row("status.communes.row_of_round", one, round=names[one.round_id]) for one in found
            ]
    return lines


def when(context: Context, count: RoundCount) -> Html:
    """Return the time until the deadline as text: "còn 3 ngày"."""
    texts = context.texts
    if not count.open:
        return texts.say("status.short.closed")
    if context.now > count.deadline:
        return texts.say("status.short.overdue")
    days = days_left(count.deadline, context.now, context.deployment.zone)
    return texts.say("status.short.days", days=days) if days else texts.say("status.short.today")


# --- one of them ----------------------------------------------------------------------------------


@page("s.commune", right=READER)
def one_commune(context: Context, commune: ReadableCommune) -> Screen | None:
    """Show the commune's one round, else ask which of them."""
    found = rounds_shown(context.tx, commune.id, context.now)
    if not found:
        return _without_round(context, commune)
    if len(found) == 1:
        status = load_status(context.tx, found[0], context.now)
        return whole_commune(context, status)
    body = ScreenBuilder(context).say("status.which_round")
    buttons = to_each_round(found, context.texts)
    return body.listed(buttons, lambda one: one, one_commune, commune, size=_ROUNDS).home().screen()


def to_each_round(found: Sequence[Round], texts: Texts) -> list[Button]:
    """Return buttons to a commune's rounds, with unique captions."""
    names = round_names(found, texts.language)
    return [Button(names[one.id], whole_commune.data(one)) for one in found]


def _without_round(context: Context, commune: Commune) -> Screen:
    """Show that no round has begun, and the next steps for operators and officers."""
    if not context.operator and len(context.communes_read) == 1:
        officer = commune.id in context.office_communes
        body = ScreenBuilder(context).say(
            "status.no_round_officer" if officer else "status.no_round"
        )
        return body.home().screen()
    body = ScreenBuilder(context).say("status.communes.nothing_yet", commune=commune.name)
    if context.operator:
        body.row(button(context.texts, "operating.button.invite", "o.inv1", commune.id))
    return body.row(all_communes.button(context.texts, "status.button.communes")).home().screen()


def commune_named(context: Context, readable: Sequence[Commune], text: str) -> Screen | None:
    """Show the commune that a typed name means, or those that it may mean; None without one."""
    same = named(readable, text)
    if len(same) <= 1:
        return one_commune(context, same[0]) if same else None
    counts = _counts(context, same)
    shown = by_need(same, counts)[:PAGE]
    body = ScreenBuilder(context).say("status.communes.same", count=len(same)).line()
    body.line(*_lines(context, shown, counts)).rows(_to_each(shown))
    return body.row(all_communes.button(context.texts, "status.button.communes")).screen()


def named(communes: Sequence[Commune], text: str) -> list[Commune]:
    """Return the communes with this name, else those that contain it; accents don't matter."""
    wanted = plain(text)
    if not wanted:
        return []
    whole = [
        one
        for one in communes
        if wanted in {plain(one.name), plain(one.code), plain(one.name).partition(" ")[2]}
    ]
    part = len(wanted) >= _SHORTEST_PART
    return whole or [one for one in communes if part and wanted in plain(one.name)]
