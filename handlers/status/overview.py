"""The one screen of `/status` for those who lead or run a commune."""

from zoneinfo import ZoneInfo

from criteria.scoring import Verdict
from handlers.flow.channel import Screen
from handlers.flow.page import Rows
from handlers.status.lines import deadline_line, indicator_line, reports_lines, totals_line
from handlers.status.view import StatusView, awaited, listed
from handlers.texts import Html, Texts

_MISSING_LENGTH = 300


def overview(
    status: StatusView, texts: Texts, zone: ZoneInfo, *, officer: bool, rows: Rows = ()
) -> Screen:
    """Commune, round, days left, reports in, verdicts by group, and who is missing."""
    lines: list[str] = [
        texts.say("status.title", commune=status.commune, round=status.round),
        deadline_line(
            status.deadline, status.closes_at, status.as_of, texts, zone, closed=status.closed
        ),
        "",
        *reports_lines(status, texts),
        "",
        totals_line(status, texts),
        *_change(status, texts),
        *_at_deadline(status, texts, zone),
        "",
        *_groups(status, texts),
        "",
        *_missing(status, texts, officer=officer),
    ]
    if status.difficulties:
        lines.append(texts.say("status.difficulties", count=status.difficulties))
    lines.append(texts.say("status.as_of", when=texts.time(status.as_of, zone)))
    return Screen("\n".join(lines), rows)


def _change(status: StatusView, texts: Texts) -> list[Html]:
    """How many were met the last time; nothing when there was no last time."""
    if status.last is None:
        return []
    return [texts.say("status.last_time", met=status.last.met, total=status.last.total)]


def _at_deadline(status: StatusView, texts: Texts, zone: ZoneInfo) -> list[Html]:
    """What the result was when the deadline came; nothing before."""
    then = status.at_deadline
    if then is None:
        return []
    return [
        texts.say(
            "status.at_deadline",
            deadline=Html(texts.day(status.deadline, zone)),
            met=then["met"],
            total=then["total"],
            done=then["reports"]["in"],
            expected=then["reports"]["expected"],
        )
    ]


def _groups(status: StatusView, texts: Texts) -> list[str]:
    lines: list[str] = []
    names = {group.code: group.name.text(texts.language) for group in status.criteria.groups}
    for group in status.result.groups:
        members = [one for one in status.result.indicators if one.group == group.code]
        if not members:
            continue
        name = names[group.code]
        lines.append(texts.say("status.group", name=name, met=group.met, total=group.total))
        lines += [indicator_line(status, one, texts) for one in members]
    certain = {Verdict.MET, Verdict.NOT_MET}
    if any(one.by_totals and one.verdict in certain for one in status.result.indicators):
        lines.append(texts.say("status.by_totals"))
    return lines


def _missing(status: StatusView, texts: Texts, *, officer: bool) -> list[Html]:
    lines: list[Html] = []
    for key, units in awaited(status):
        names = listed((status.name(u, texts) for u in units), texts, most=_MISSING_LENGTH)
        lines.append(texts.say(key, count=len(units), names=names))
    if not lines and status.areas:
        lines.append(texts.say("status.all_in"))
    if officer and status.unjoined:
        unjoined = (status.name(unit, texts) for unit in status.unjoined)
        names = listed(unjoined, texts, most=_MISSING_LENGTH)
        lines.append(texts.say("status.unjoined", count=len(status.unjoined), names=names))
    return lines
