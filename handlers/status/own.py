"""A reporter's status: their own area, what is missing, and the commune in one line."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from handlers.status.areas import area_head, area_lines, asked_of
from handlers.status.lines import STATE_MARKS, deadline_line
from handlers.status.view import StatusView, listed
from handlers.texts import Html, Texts

_MOST_AREAS = 3
_NAMES_LENGTH = 240

Own = tuple[StatusView, Mapping[int, frozenset[str]]]


def own_screen(own: Sequence[Own], texts: Texts, zone: ZoneInfo) -> Screen:
    """For each round the person's units, with what is answered there; the commune in one line."""
    lines: list[str] = []
    writable, room = False, _MOST_AREAS
    for status, answered in own:
        units = list(answered)
        for unit in units[:room]:
            lines += [*_unit_lines(status, unit, answered[unit], texts), ""]
        lines += _further(status, units[room:], texts)
        room = max(0, room - len(units))
        lines += [
            deadline_line(
                status.deadline,
                status.closes_at,
                status.as_of,
                texts,
                zone,
                closed=status.closed,
            ),
            commune_line(status, texts),
            "",
        ]
        writable = writable or not status.closed
    home = Button(texts.say("button.home"), pack("home"))
    report = Button(texts.say("button.report"), pack("rep"))
    rows = ((report,), (home,)) if writable else ((home,),)
    return Screen("\n".join(lines).strip(), rows)


def commune_line(status: StatusView, texts: Texts) -> Html:
    """`Cả xã: đạt 5/13 · 9/12 khu đã gửi`."""
    return texts.say(
        "status.own.commune",
        met=status.result.met,
        total=status.result.total,
        done=status.areas_in,
        areas=len(status.areas),
    )


def _unit_lines(status: StatusView, unit: int, answered: frozenset[str], texts: Texts) -> list[str]:
    """What was sent and what is missing; before the sending how far the answers are."""
    asked = asked_of(status, unit)
    if status.is_in(unit):
        missing = [one for one in asked if (unit, one.code) not in status.facts.counted]
        lines = area_lines(status, unit, texts)
        key = "status.own.missing"
    else:
        missing = [one for one in asked if one.code not in answered]
        lines = area_head(status, unit, texts)
        key = "status.own.progress"
    names = listed((one.text(texts.language).short for one in missing), texts, most=_NAMES_LENGTH)
    if missing:
        done, total = len(asked) - len(missing), len(asked)
        lines.append(texts.say(key, count=len(missing), done=done, total=total, names=names))
    elif not status.is_in(unit):
        lines.append(texts.say("status.own.answered", total=len(asked)))
    return lines


def _further(status: StatusView, units: Sequence[int], texts: Texts) -> list[Html]:
    """The units there is no room for, in one line."""
    if not units:
        return []
    names = (f"{STATE_MARKS[status.state_of(u)]} {status.name(u, texts)}" for u in units)
    return [texts.say("status.own.further", names=listed(names, texts, most=_NAMES_LENGTH))]
