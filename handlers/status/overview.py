"""The one screen of `/status` for those who lead or run a commune."""

from zoneinfo import ZoneInfo

from criteria.scoring import Verdict
from handlers.channel import Screen
from handlers.status.lines import deadline_line, indicator_line, reports_lines, totals_line
from handlers.status.pages import Rows
from handlers.status.picture import Picture, awaited, listed
from handlers.texts import Html, Texts

_MISSING_LENGTH = 300


def overview(
    picture: Picture, texts: Texts, zone: ZoneInfo, *, officer: bool, rows: Rows = ()
) -> Screen:
    """Commune, round, days left, reports in, verdicts by group, and who is missing."""
    lines: list[str] = [
        texts.say("status.title", commune=picture.commune, round=picture.round),
        deadline_line(
            picture.deadline, picture.closes_at, picture.as_of, texts, zone, closed=picture.closed
        ),
        "",
        *reports_lines(picture, texts),
        "",
        totals_line(picture, texts),
        *_change(picture, texts),
        *_at_deadline(picture, texts, zone),
        "",
        *_groups(picture, texts),
        "",
        *_missing(picture, texts, officer=officer),
    ]
    if picture.difficulties:
        lines.append(texts.say("status.difficulties", count=picture.difficulties))
    lines.append(texts.say("status.as_of", when=texts.time(picture.as_of, zone)))
    return Screen("\n".join(lines), rows)


def _change(picture: Picture, texts: Texts) -> list[Html]:
    """How many were met the last time; nothing when there was no last time."""
    if picture.last is None:
        return []
    return [texts.say("status.last_time", met=picture.last.met, total=picture.last.total)]


def _at_deadline(picture: Picture, texts: Texts, zone: ZoneInfo) -> list[Html]:
    """What the result was when the deadline came; nothing before."""
    then = picture.at_deadline
    if then is None:
        return []
    return [
        texts.say(
            "status.at_deadline",
            deadline=Html(texts.day(picture.deadline, zone)),
            met=then["met"],
            total=then["total"],
            done=then["reports"]["in"],
            expected=then["reports"]["expected"],
        )
    ]


def _groups(picture: Picture, texts: Texts) -> list[str]:
    lines: list[str] = []
    names = {group.code: group.name.text(texts.language) for group in picture.criteria.groups}
    for group in picture.result.groups:
        members = [one for one in picture.result.indicators if one.group == group.code]
        if not members:
            continue
        name = names[group.code]
        lines.append(texts.say("status.group", name=name, met=group.met, total=group.total))
        lines += [indicator_line(picture, one, texts) for one in members]
    certain = {Verdict.MET, Verdict.NOT_MET}
    if any(one.by_totals and one.verdict in certain for one in picture.result.indicators):
        lines.append(texts.say("status.by_totals"))
    return lines


def _missing(picture: Picture, texts: Texts, *, officer: bool) -> list[Html]:
    lines: list[Html] = []
    for key, units in awaited(picture):
        names = listed((picture.name(u, texts) for u in units), texts, most=_MISSING_LENGTH)
        lines.append(texts.say(key, count=len(units), names=names))
    if not lines and picture.areas:
        lines.append(texts.say("status.all_in"))
    if officer and picture.unjoined:
        unjoined = (picture.name(unit, texts) for unit in picture.unjoined)
        names = listed(unjoined, texts, most=_MISSING_LENGTH)
        lines.append(texts.say("status.unjoined", count=len(picture.unjoined), names=names))
    return lines
