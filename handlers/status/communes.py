"""Several communes in one table: who needs help first, one tap into any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.flow.channel import Button, Screen
from handlers.flow.page import Rows, page_of, turning
from handlers.flow.press import pack
from handlers.status.lines import days_left
from handlers.status.loading import results_of
from handlers.texts import Html, Texts, plain
from storage import overviews, rounds
from storage.overviews import RoundCount
from storage.places import Commune

_PAGE = 5
_SHORTEST_PART = 3  # letters of a name


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune in the table; without a round there is nothing but its name."""

    commune: Commune
    count: RoundCount | None
    met: int = 0
    total: int = 0


def communes_screen(
    tx: Connection, communes: Sequence[Commune], page: int, now: datetime, texts: Texts,
    zone: ZoneInfo,
) -> Screen:  # fmt: skip
    """A page of communes with met, reports in and days left; only that page is scored."""
    counts = overviews.newest_rounds(tx, [one.id for one in communes], now)
    ordered = by_need(communes, counts)
    shown, page, pages = page_of(ordered, page, _PAGE)
    table = _table(tx, shown, counts)
    return table_screen(table, len(communes), page, pages, now, texts, zone)


def named(communes: Sequence[Commune], text: str) -> list[Commune]:
    """Those whose name is meant, else those that contain what was typed; marks don't matter."""
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


def same_name_screen(
    tx: Connection, communes: Sequence[Commune], now: datetime, texts: Texts, zone: ZoneInfo
) -> Screen:
    """The communes that a typed name may mean, as many as a page holds."""
    counts = overviews.newest_rounds(tx, [one.id for one in communes], now)
    shown = by_need(communes, counts)[:_PAGE]
    lines = [texts.say("status.communes.same", count=len(communes)), ""]
    lines += [_line(row, now, texts, zone) for row in _table(tx, shown, counts)]
    rows = [(Button(one.name, pack("s.commune", one.id)),) for one in shown]
    rows.append((Button(texts.say("status.button.communes"), pack("s.all")),))
    return Screen("\n".join(lines), tuple(rows))


def turned(page: int, pages: int, texts: Texts) -> Rows:
    """The buttons to the pages before and after."""
    return turning(page, pages, lambda n: pack("s.all", n), texts)


def first_turned(communes: Sequence[Commune], texts: Texts) -> Rows:
    """The button from the first page to the next."""
    _, page, pages = page_of(communes, 0, _PAGE)
    return turned(page, pages, texts)


def by_need(communes: Sequence[Commune], counts: Mapping[int, RoundCount]) -> list[Commune]:
    """Open rounds with reports missing first, the nearest deadline and the emptiest before."""

    def need(one: Commune) -> tuple[int, float, int, int]:
        count = counts.get(one.id)
        if count is None:
            return (3, 0, 0, 0)
        missing = count.expected - count.reports_in
        when = count.deadline.timestamp()
        if not count.open:
            return (2, -when, -missing, 0)
        share = count.reports_in * 1000 // count.expected if count.expected else 1000
        return (0 if missing else 1, when, share, -missing)

    return sorted(communes, key=need)


def table_screen(
    table: Sequence[CommuneRow], communes: int, page: int, pages: int, now: datetime,
    texts: Texts, zone: ZoneInfo,
) -> Screen:  # fmt: skip
    """The page as text, with a button for each commune."""
    lines: list[str] = [texts.say("status.communes.title", count=communes), ""]
    rows: list[tuple[Button, ...]] = []
    if pages > 1:
        lines[1:1] = [texts.say("status.communes.page", page=page + 1, pages=pages)]
    for row in table:
        lines.append(_line(row, now, texts, zone))
        rows.append((Button(row.commune.name, pack("s.commune", row.commune.id)),))
    if not table:
        lines.append(texts.say("status.communes.none"))
    rows += turned(page, pages, texts)
    rows.append((Button(texts.say("button.home"), pack("home")),))
    return Screen("\n".join(lines), tuple(rows))


def _table(
    tx: Connection, shown: Sequence[Commune], counts: Mapping[int, RoundCount]
) -> list[CommuneRow]:
    newest = [counts[one.id].round_id for one in shown if one.id in counts]
    scored = results_of(tx, rounds.rounds_by_ids(tx, newest))

    def row(commune: Commune) -> CommuneRow:
        count = counts.get(commune.id)
        if count is None:
            return CommuneRow(commune, None)
        result = scored[count.round_id]
        return CommuneRow(commune, count, result.met, result.total)

    return [row(one) for one in shown]


def _line(row: CommuneRow, now: datetime, texts: Texts, zone: ZoneInfo) -> Html:
    count = row.count
    if count is None:
        return texts.say("status.communes.no_round", commune=row.commune.name)
    return texts.say(
        "status.communes.row",
        commune=row.commune.name,
        met=row.met,
        total=row.total,
        done=count.reports_in,
        expected=count.expected,
        when=_when(count, now, texts, zone),
    )


def _when(count: RoundCount, now: datetime, texts: Texts, zone: ZoneInfo) -> Html:
    if not count.open:
        return texts.say("status.short.closed")
    days = days_left(count.deadline, now, zone)
    if now > count.deadline:
        return texts.say("status.short.overdue")
    return texts.say("status.short.days", days=days) if days else texts.say("status.short.today")
